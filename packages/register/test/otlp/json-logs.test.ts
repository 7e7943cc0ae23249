import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readJsonLogs } from '../../src/otlp/json-logs.ts'
import { readProtobufLogs } from '../../src/otlp/protobuf-logs.ts'
import type { Records } from '../../src/otlp/records.ts'
import { endingOf } from './ending.ts'
import { encoded, logRecord, requestOf, type Plain } from './otlp-messages.ts'

const LONGEST = 2 ** 20
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const read = (request: unknown): Records => readJsonLogs(bytes(JSON.stringify(request)), LONGEST)
/** The one attribute that is read of a value in OTLP's JSON. */
const valueRead = (value: unknown): unknown =>
  read(requestOf([{ ...logRecord({}), attributes: [{ key: 'a', value }] }])).events[0]?.attributes['a']

const finite = fc.double({ noNaN: true, noDefaultInfinity: true })
const texts = fc.string({ unit: 'grapheme', maxLength: 40 })
const plain: fc.Arbitrary<Plain> = fc.oneof(
  texts,
  finite,
  fc.boolean(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.array(fc.oneof(texts, finite), { maxLength: 4 }),
  fc.dictionary(texts, finite, { maxKeys: 4, noNullPrototype: true }),
)

/** JSON has no negative zero. */
const normal = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part)))

test('says the same as the same request in protobuf', () => {
  const attributes = fc.dictionary(texts, plain, { maxKeys: 8, noNullPrototype: true })
  fc.assert(
    fc.property(fc.array(attributes, { maxLength: 4 }), (all) => {
      const request = requestOf(all.map((one) => logRecord(one)))
      expect(normal(read(request).events)).toEqual(
        normal(readProtobufLogs(encoded('Request', request), LONGEST).events),
      )
    }),
  )
})

describe('numbers, by the JSON mapping of protobuf', () => {
  test.each<[string, unknown, unknown]>([
    ['an int as text', { intValue: '42' }, 42],
    ['an int as number', { intValue: -42 }, -42],
    ['the greatest that a double holds', { intValue: '9007199254740991' }, 2 ** 53 - 1],
    ['one more', { intValue: '9007199254740992' }, 2n ** 53n],
    ['one more, as a number', { intValue: 9007199254740992 }, 2n ** 53n],
    ['the least of 64 bits', { intValue: '-9223372036854775808' }, -(2n ** 63n)],
    ['a double', { doubleValue: 0.1 }, 0.1],
    ['a double as text', { doubleValue: '2.5e-3' }, 0.0025],
    ['no number', { doubleValue: 'NaN' }, Number.NaN],
    ['infinity', { doubleValue: '-Infinity' }, -Infinity],
    ['nothing', {}, undefined],
    ['null', { stringValue: null }, undefined],
    ['bytes', { bytesValue: 'AQI=' }, Buffer.from([1, 2])],
    ['a list with an empty value', { arrayValue: { values: [{ intValue: '1' }, {}] } }, [1, undefined]],
    ['an empty list', { arrayValue: {} }, []],
  ])('%s', (_, value, expected) => {
    expect(valueRead(value)).toEqual(expected)
  })

  test('time in nanoseconds, as text or as a number', () => {
    const times = ['1700000000123456789', 1.7e18].map((timeUnixNano) => ({
      ...logRecord({}),
      timeUnixNano,
    }))
    expect(read(requestOf(times)).events.map((event) => event.hrTime)).toEqual([
      [1_700_000_000, 123_456_789],
      [1_700_000_000, 0],
    ])
  })
})

const record = (changed: object): unknown => ({ ...logRecord({ good: 'one' }), ...changed })
const attribute = (value: unknown): unknown => record({ attributes: [{ key: 'a', value }] })

describe('a record that is not of the form', () => {
  let deep: object = {}
  for (let level = 0; level < 9; level += 1) deep = { arrayValue: { values: [deep] } }

  test.each<[string, unknown]>([
    ['is no object', 5],
    ['is null', null],
    ['is a list', []],
    ['has a name that is no text', record({ eventName: 7 })],
    ['has a time before 1970', record({ timeUnixNano: '-1' })],
    ['has a time of more than 64 bits', record({ timeUnixNano: '18446744073709551616' })],
    ['has a time that is no number', record({ timeUnixNano: 'now' })],
    ['has attributes that are no list', record({ attributes: { a: 1 } })],
    ['has an attribute that is no object', record({ attributes: [1] })],
    ['has a key that is no text', record({ attributes: [{ key: 1, value: { stringValue: 'x' } }] })],
    ['has a value that is no object', attribute('x')],
    ['has a text that is none', attribute({ stringValue: 1 })],
    ['has half of a character', attribute({ stringValue: '\ud800' })],
    ['has an int with a fraction', attribute({ intValue: 1.5 })],
    ['has an int of more than 64 bits', attribute({ intValue: '9223372036854775808' })],
    ['has an int that is no number', attribute({ intValue: '0x10' })],
    ['has an int without digits', attribute({ intValue: '' })],
    ['has a double that is no number', attribute({ doubleValue: 'much' })],
    ['has a double without digits', attribute({ doubleValue: '' })],
    ['has a truth value that is none', attribute({ boolValue: 'true' })],
    ['has a list that is none', attribute({ arrayValue: { values: 1 } })],
    ['has a map that is none', attribute({ kvlistValue: [] })],
    ['is nested too deep', attribute(deep)],
    ['is too long', attribute({ stringValue: 'x'.repeat(LONGEST) })],
  ])('%s, and harms none beside it', (_, bad) => {
    const { events, faults } = read(requestOf([logRecord({ good: 'one' }), bad as object, logRecord({ good: 'two' })]))
    expect(events.map((event) => event.attributes)).toEqual([{ good: 'one' }, { good: 'two' }])
    expect(faults.count).toBe(1)
    expect(String(faults)).toMatch(/^1 × \S.*\.$/)
  })

  test('fields that nobody knows are ignored', () => {
    const { events } = read({ ...requestOf([record({ color: 'red' }) as object]), extra: [] })
    expect(events).toHaveLength(1)
  })

  test('records of others are ignored and counted', () => {
    const { events, ignored } = read(requestOf([logRecord({}, { name: 'login' }), { body: { stringValue: 'hi' } }]))
    expect([events.length, ignored]).toEqual([0, 2])
  })
})

describe('a body that is refused as a whole', () => {
  test.each<[string, Uint8Array]>([
    ['no JSON', bytes('{"resourceLogs": [')],
    ['nothing', bytes('')],
    ['no UTF-8', Uint8Array.from([0x22, 0xff, 0x22])],
    ['no object', bytes('[]')],
    ['envelopes that are no list', bytes('{"resourceLogs": {}}')],
    ['an envelope that is no object', bytes('{"resourceLogs": [1]}')],
    ['scopes that are no list', bytes('{"resourceLogs": [{"scopeLogs": "x"}]}')],
    ['records that are no list', bytes('{"resourceLogs": [{"scopeLogs": [{"logRecords": true}]}]}')],
  ])('%s', (_, body) => {
    expect(endingOf(() => readJsonLogs(body, LONGEST))).toBe('refused')
  })

  test.each<[string, string]>([
    ['lists in lists', '['.repeat(4_000_001)],
    ['many small lists', `{"a":[${'[],'.repeat(4_000_001)}0]}`],
  ])('%s, before it takes any memory', (_, text) => {
    expect(() => readJsonLogs(bytes(text), LONGEST)).toThrow(expect.objectContaining({ status: 413 }) as Error)
  })

  test('brackets in texts are text', () => {
    const attribute = { key: '[{"', value: { stringValue: `${'['.repeat(500_000)}\\"${'{'.repeat(500_000)}` } }
    const { events, faults } = readJsonLogs(
      bytes(
        JSON.stringify(requestOf(Array.from({ length: 3 }, () => ({ ...logRecord({}), attributes: [attribute] })))),
      ),
      4 * LONGEST,
    )
    expect([events.length, faults.count]).toEqual([3, 0])
  })

  test('any text ends in records or a refusal', () => {
    const good = JSON.stringify(requestOf([logRecord({ a: 'b', n: 1, l: ['x'] })]))
    const damaged = fc
      .tuple(fc.nat(good.length - 1), fc.nat(3), fc.string({ maxLength: 3 }))
      .map(([start, length, put]) => good.slice(0, start) + put + good.slice(start + length))
    fc.assert(
      fc.property(
        fc.oneof(
          damaged,
          fc.json(),
          fc.jsonValue().map((value) => JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [value] }] }] })),
        ),
        (text) => {
          expect(['read', 'refused']).toContain(endingOf(() => readJsonLogs(bytes(text), LONGEST)))
        },
      ),
      { numRuns: 2000 },
    )
  })
})
