import { expect, test } from 'vitest'
import { isFeature } from '@groundtrace/core'

test.each([
  ['a text', 'a'],
  ['an empty text', ''],
  ['a number', -1.5],
  ['a truth value', false],
  ['a list of texts', ['a', 'b']],
  ['a list of numbers', [1, 2]],
  ['a list of truth values', [true]],
  ['an empty list', []],
])('%s is a feature', (_, value) => expect(isFeature(value)).toBe(true))

test.each([
  ['nothing', undefined],
  ['null', null],
  ['infinity', Infinity],
  ['a list with NaN', [1, Number.NaN]],
  ['a list with a hole', Object.assign([1, 2, 3], { length: 4 })],
  ['a list of two types', [1, 'a']],
  ['a list of lists', [[1]]],
  ['a record', {}],
  ['a BigInt', 1n],
  ['a typed array', new Float32Array([1])],
])('%s is none', (_, value) => expect(isFeature(value)).toBe(false))
