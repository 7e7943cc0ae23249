import { predictionFromEvent, taskCatalogue } from '@groundtrace/core'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readProtobufLogs } from '../../src/otlp/protobuf-logs.ts'
import type { Records } from '../../src/otlp/records.ts'
import { endingOf } from './ending.ts'
import { encoded, framed, logRecord, requestAround, requestOf, type Plain } from './otlp-messages.ts'

const LONGEST = 2 ** 20
const read = (body: Uint8Array): Records => readProtobufLogs(body, LONGEST)
const readRecords = (...records: readonly object[]): Records => read(encoded('Request', requestOf(records)))

const GOOD = {
  'groundtrace.tracking_id': '0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331',
  'groundtrace.task.name': 'spam',
  'groundtrace.task.kind': 'binary',
  'groundtrace.model.name': 'filter',
  'groundtrace.model.version': '1',
  'groundtrace.prediction.value': 'spam',
}

const texts = fc.string({ unit: 'grapheme', maxLength: 40 })
/** Everything that an attribute can hold; an int beyond what a double holds stays a `bigint`. */
const { plain } = fc.letrec<{ plain: Plain; flat: Plain }>((tie) => ({
  flat: fc.oneof(texts, fc.double(), fc.boolean(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  plain: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('flat'),
    fc.array(tie('flat'), { maxLength: 5 }),
    fc.dictionary(texts, tie('plain'), { maxKeys: 4, noNullPrototype: true }),
  ),
}))
const attributes = fc.dictionary(texts, plain, { maxKeys: 8, noNullPrototype: true })

const MOST_SAFE = BigInt(Number.MAX_SAFE_INTEGER)
/** What is read of what was written: ints that a double holds are numbers. */
function asRead(value: Plain): unknown {
  if (typeof value === 'bigint') return value >= -MOST_SAFE && value <= MOST_SAFE ? Number(value) : value
  if (Array.isArray(value)) return value.map(asRead)
  if (typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, asRead(part)]))
}

describe('what another encoder wrote', () => {
  test('is read as it was meant, whatever the attributes', () => {
    fc.assert(
      fc.property(fc.array(attributes, { maxLength: 5 }), (all) => {
        const { events, faults, ignored } = readRecords(...all.map((one) => logRecord(one)))
        expect(events.map((event) => event.attributes)).toEqual(all.map(asRead))
        expect([faults.count, ignored]).toEqual([0, 0])
      }),
    )
  })

  test('is a prediction that core knows', () => {
    const [event] = readRecords(logRecord(GOOD)).events
    if (event === undefined) throw new Error('no event')
    expect(predictionFromEvent(event, taskCatalogue([]))).toMatchObject({
      id: GOOD['groundtrace.tracking_id'],
      value: 'spam',
      time: 1_700_000_000_125,
    })
  })

  test('keeps nanoseconds', () => {
    expect(readRecords(logRecord(GOOD, { time: '1700000000123456789' })).events[0]?.hrTime).toEqual([
      1_700_000_000, 123_456_789,
    ])
  })

  test('has the time of its observation where it has none of its own, and is refused without both', () => {
    expect(readRecords(logRecord(GOOD, { time: '0' })).events[0]?.hrTime).toEqual([1_700_000_001, 0])
    const { events, faults } = readRecords(logRecord(GOOD, { time: '0', observed: '0' }), logRecord(GOOD))
    expect([events.length, faults.count]).toEqual([1, 1])
    expect(String(faults)).toMatch(/1 × The event has no time/)
  })
})

describe('records of others', () => {
  test('are ignored and counted, whatever is in them', () => {
    let body = framed(1, Buffer.from('deep'))
    for (let level = 0; level < 10_000; level += 1) body = framed(5, framed(1, body))
    const log = framed(5, body)
    const broken = framed(5, Buffer.from([0xff, 0xff]))
    const flag = logRecord({ 'feature_flag.key': 'b' }, { name: 'feature_flag.evaluation' })
    const records = [log, broken, encoded('LogRecord', flag), encoded('LogRecord', logRecord(GOOD))]
    const { events, faults, ignored } = read(requestAround(records))
    expect([events.length, faults.count, ignored]).toEqual([1, 0, 3])
  })

  test('an empty request, and empty envelopes, hold nothing', () => {
    for (const body of [Buffer.alloc(0), framed(1, Buffer.alloc(0)), requestAround([])]) {
      const { events, faults, ignored } = read(body)
      expect([events.length, faults.count, ignored]).toEqual([0, 0, 0])
    }
  })
})

/** One of our records, with another field behind it: its event name comes first, so nobody can take it for another's. */
const ours = (...more: readonly Buffer[]): Buffer =>
  Buffer.concat([framed(12, Buffer.from('groundtrace.prediction')), encoded('LogRecord', logRecord(GOOD)), ...more])

/** An attribute of so many lists in lists. */
const deep = (levels: number): Buffer => {
  let value = framed(1, Buffer.from('x'))
  for (let level = 0; level < levels; level += 1) value = framed(5, framed(1, value))
  return framed(6, Buffer.concat([framed(1, Buffer.from('deep')), framed(2, value)]))
}

describe('a record that is damaged', () => {
  test.each<[string, Buffer, RegExp]>([
    ['by an attribute that is cut', ours(Buffer.from([0x32, 0x7f, 0x0a])), /longer than the message/],
    ['by a key that is no UTF-8', ours(framed(6, framed(1, Buffer.from([0xff])))), /UTF-8/],
    ['by lists in lists', ours(deep(9)), /nested deeper than 8/],
    ['by lists in lists without end', ours(deep(20_000)), /nested deeper than 8/],
    ['by an attribute of 10 MiB', ours(framed(6, framed(1, Buffer.alloc(10 * LONGEST, 0x61)))), /longer than 1048576/],
    ['from its first byte on', Buffer.from([0xff, 0xff, 0xff]), /in the middle of a field/],
  ])('%s, is refused with its reason, and harms none beside it', (_, bad, reason) => {
    const { events, faults } = read(requestAround([ours(), bad, ours()]))
    expect(events.map((event) => event.attributes)).toEqual([GOOD, GOOD])
    expect(faults.count).toBe(1)
    expect(String(faults)).toMatch(reason)
  })

  test('lists in lists to the deepest level allowed are read', () => {
    expect(read(requestAround([ours(deep(7))])).faults.count).toBe(0)
  })

  test('whatever its bytes are, good ones around it are read', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const { events } = read(requestAround([ours(), bytes, ours()]))
        expect([events[0], events.at(-1)].map((event) => event?.attributes)).toEqual([GOOD, GOOD])
      }),
      { numRuns: 1000 },
    )
  })

  test('fields that nobody knows, groups included, are passed over', () => {
    const unknown = Buffer.concat([framed(99, Buffer.from('x')), Buffer.from([0x73, 0x08, 0x01, 0x74, 0x78, 0x05])])
    expect(read(requestAround([ours(unknown)])).events.map((event) => event.attributes)).toEqual([GOOD])
  })

  test('a key that would change every object is a key like others', () => {
    const { events } = readRecords(
      logRecord(JSON.parse('{"__proto__":"x","m":{"__proto__":{"a":"b"}}}') as object as {}),
    )
    expect(Object.keys(events[0]?.attributes ?? {})).toEqual(['__proto__', 'm'])
    expect(Object.prototype).not.toHaveProperty('a')
  })
})

const endingOfReading = (body: Uint8Array): string => endingOf(() => read(body))

describe('a whole request that is damaged', () => {
  const body = encoded('Request', requestOf([logRecord(GOOD), logRecord({ ...GOOD, deep: { a: [1, 2n] } })]))

  test('is refused as a whole wherever it is cut, and never otherwise', () => {
    const endings = Array.from(body, (_, length) => endingOfReading(body.subarray(0, length)))
    expect(endings[0]).toBe('read')
    expect(new Set(endings.slice(1))).toEqual(new Set(['refused']))
    expect(endingOfReading(body)).toBe('read')
  })

  test('never ends in anything but records or a refusal', () => {
    const damaged = fc
      .array(fc.tuple(fc.nat(body.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
      .map((changes) => {
        const copy = Buffer.from(body)
        for (const [index, byte] of changes) copy[index] = byte
        return copy
      })
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 300 })), (bytes) => {
        expect(['read', 'refused']).toContain(endingOfReading(bytes))
      }),
      { numRuns: 3000 },
    )
  })

  test('of too many records is refused with 413, however small they are', () => {
    expect(() => read(requestAround(Array.from({ length: 100_000 }, () => Buffer.alloc(0))))).toThrow(
      expect.objectContaining({ status: 413 }) as Error,
    )
    const empty = Buffer.concat(Array.from({ length: 100_001 }, () => framed(1, Buffer.alloc(0))))
    expect(() => read(empty)).toThrow(expect.objectContaining({ status: 413 }) as Error)
  })
})
