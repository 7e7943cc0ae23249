import * as fc from 'fast-check'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import { isListOf, isRecord, isRecordOf, isSame } from '../src/plain.ts'

const isText = (value: unknown): boolean => typeof value === 'string'

test.each([[{}], [{ a: 1 }], [Object.create(null) as object], [JSON.parse('{"__proto__":1}')]])(
  '%o is a record',
  (value) => {
    expect(isRecord(value)).toBe(true)
  },
)

test.each([[null], [undefined], [[]], ['a'], [new Map()], [new Date(0)], [new Float64Array(1)], [() => 1], [1n]])(
  '%o is no record',
  (value) => {
    expect(isRecord(value)).toBe(false)
  },
)

test('a hole in a list is looked at like any other place', () => {
  expect(isListOf(['a', 'b'], isText)).toBe(true)
  expect(isListOf([], isText)).toBe(true)
  // oxfmt-ignore
  expect(isListOf(Object.assign([], { 1: 'b', length: 2 }), isText)).toBe(false)
  expect(isListOf('ab', isText)).toBe(false)
})

test('a record with an own __proto__ is none that can be copied key by key', () => {
  expect(isRecordOf({ a: 'x', constructor: 'y' }, isText)).toBe(true)
  expect(isRecordOf(JSON.parse('{"__proto__":"x"}'), isText)).toBe(false)
  expect(isRecordOf({ a: 1 }, isText)).toBe(false)
  expect(isRecordOf(null, isText)).toBe(false)
})

describe('sameness', () => {
  const plain = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown)

  test('agrees with node:util on plain data', () => {
    fc.assert(
      fc.property(plain, plain, (a, b) => {
        expect(isSame(a, b)).toBe(isDeepStrictEqual(a, b))
      }),
    )
  })

  test('holds between a value and its copy, whatever the order of its keys', () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(isSame(value, structuredClone(value))).toBe(true)
      }),
    )
    expect(isSame({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true)
    expect(isSame({ a: undefined }, { b: undefined })).toBe(false)
  })
})
