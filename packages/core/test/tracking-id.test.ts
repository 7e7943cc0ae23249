import {
  callOf,
  formatTrackingId,
  isTrackingId,
  parseTrackingId,
  trackingId,
  trackingIdOfCall,
  type TrackingIdParts,
} from '@groundtrace/core'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { junk, parts, trackingIds } from './arbitrary.ts'
import { refusal } from './refusal.ts'

// Trace and span of the examples in W3C Trace Context.
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'

test('is trace, span and row, joined by hyphens', () => {
  expect(formatTrackingId({ traceId: TRACE, spanId: SPAN })).toBe(`${TRACE}-${SPAN}`)
  expect(formatTrackingId({ traceId: TRACE, spanId: SPAN, row: 0 })).toBe(`${TRACE}-${SPAN}-0`)
  expect(parseTrackingId(`${TRACE}-${SPAN}-120`)).toEqual({ traceId: TRACE, spanId: SPAN, row: 120 })
  expect(parseTrackingId(`${TRACE}-${SPAN}`)).toEqual({ traceId: TRACE, spanId: SPAN })
})

test('parse is the inverse of format', () => {
  fc.assert(
    fc.property(parts, (made) => {
      expect(parseTrackingId(formatTrackingId(made))).toEqual(made)
    }),
  )
})

test('format is the inverse of parse', () => {
  fc.assert(
    fc.property(trackingIds, (text) => {
      expect(formatTrackingId(parseTrackingId(text))).toBe(text)
      expect(trackingId(text)).toBe(text)
    }),
  )
})

test('a row has the call that it belongs to, and a call has itself', () => {
  fc.assert(
    fc.property(parts, ({ traceId, spanId, ...row }) => {
      const call = formatTrackingId({ traceId, spanId })
      expect(callOf(formatTrackingId({ traceId, spanId, ...row }))).toBe(call)
      expect(callOf(call)).toBe(call)
    }),
  )
})

test('the last row is the last safe integer', () => {
  expect(isTrackingId(`${TRACE}-${SPAN}-${Number.MAX_SAFE_INTEGER}`)).toBe(true)
  expect(isTrackingId(`${TRACE}-${SPAN}-9007199254740992`)).toBe(false)
  expect(isTrackingId(`${TRACE}-${SPAN}-99999999999999999999`)).toBe(false)
})

describe('parsing is strict', () => {
  const whole = `${TRACE}-${SPAN}`
  test.each([
    ['the empty text', ''],
    ['upper case', whole.toUpperCase()],
    ['one upper-case digit', whole.replace('b', 'B')],
    ['a space before', ` ${whole}`],
    ['a space behind', `${whole} `],
    ['a newline at the end', `${whole}\n`],
    ['a newline behind the row', `${whole}-1\n`],
    ['a second line', `${whole}\n${whole}`],
    ['a leading zero of the row', `${whole}-01`],
    ['a row of two zeros', `${whole}-00`],
    ['an empty row', `${whole}-`],
    ['a negative row', `${whole}--1`],
    ['a signed row', `${whole}-+1`],
    ['a fractional row', `${whole}-1.5`],
    ['a row in exponents', `${whole}-1e3`],
    ['a row in hex', `${whole}-0x1`],
    ['a row in other digits', `${whole}-١`],
    ['a second row', `${whole}-1-1`],
    ['an all-zero trace', `${'0'.repeat(32)}-${SPAN}`],
    ['an all-zero span', `${TRACE}-${'0'.repeat(16)}`],
    ['all zeros', `${'0'.repeat(32)}-${'0'.repeat(16)}`],
    ['no hyphen', TRACE + SPAN],
    ['the parts of a traceparent', `00-${TRACE}-${SPAN}-01`],
    ['a trace alone', TRACE],
    ['NUL behind', `${whole}\0`],
    ['full-width digits', whole.replace('4', '４')],
  ])('%s is refused', (_, text) => {
    expect(isTrackingId(text)).toBe(false)
    expect(() => parseTrackingId(text)).toThrow(refusal('invalid-tracking-id', /is not a tracking ID/))
    expect(() => trackingId(text)).toThrow(refusal('invalid-tracking-id'))
  })

  test('one character more or less of trace or span is refused', () => {
    fc.assert(
      fc.property(trackingIds, fc.nat(48), fc.constantFrom('0', 'a', '-', ' ', '\n', 'A'), (text, place, extra) => {
        expect(isTrackingId(text.slice(0, place) + text.slice(place + 1))).toBe(false)
        expect(isTrackingId(text.slice(0, place) + extra + text.slice(place))).toBe(false)
      }),
    )
  })

  test('another case of any letter is refused', () => {
    fc.assert(
      fc.property(
        trackingIds.filter((text) => /[a-f]/.test(text)),
        fc.nat(),
        (text, n) => {
          const letters = [...text.matchAll(/[a-f]/g)]
          const place = letters[n % letters.length]?.index ?? 0
          const mutated = text.slice(0, place) + text.charAt(place).toUpperCase() + text.slice(place + 1)
          expect(isTrackingId(mutated)).toBe(false)
        },
      ),
    )
  })
})

describe('misuse', () => {
  test.each([[42], [undefined], [null], [{}], [[`${TRACE}-${SPAN}`]], [1n], [Symbol('id')]])(
    '%o is no tracking ID and says so',
    (value) => {
      expect(isTrackingId(value)).toBe(false)
      expect(() => parseTrackingId(value as string)).toThrow(refusal('invalid-tracking-id'))
      expect(() => trackingId(value as string)).toThrow(refusal('invalid-tracking-id'))
    },
  )

  test.each([
    ['upper case', { traceId: TRACE.toUpperCase(), spanId: SPAN }],
    ['a zero trace', { traceId: '0'.repeat(32), spanId: SPAN }],
    ['a zero span', { traceId: TRACE, spanId: '0'.repeat(16) }],
    ['a short trace', { traceId: TRACE.slice(1), spanId: SPAN }],
    ['a newline', { traceId: TRACE, spanId: `${SPAN}\n` }],
    ['an array for a text', { traceId: [TRACE], spanId: SPAN }],
    ['a negative row', { traceId: TRACE, spanId: SPAN, row: -1 }],
    ['half a row', { traceId: TRACE, spanId: SPAN, row: 0.5 }],
    ['a row beyond the safe integers', { traceId: TRACE, spanId: SPAN, row: 2 ** 53 }],
    ['a row that is no number', { traceId: TRACE, spanId: SPAN, row: Number.NaN }],
    ['a row in text', { traceId: TRACE, spanId: SPAN, row: '1' }],
    ['a big row', { traceId: TRACE, spanId: SPAN, row: 1n }],
    ['no span', { traceId: TRACE }],
    ['no parts', undefined],
    ['null', null],
    ['a text', `${TRACE}-${SPAN}`],
  ])('parts with %s make no tracking ID', (_, made) => {
    expect(() => formatTrackingId(made as unknown as TrackingIdParts)).toThrow(
      refusal('invalid-tracking-id', /make no tracking ID/),
    )
  })

  test('arbitrary junk for parts meets the same error, never a raw one', () => {
    fc.assert(
      fc.property(junk, junk, junk, (traceId, spanId, row) => {
        const made = { traceId, spanId, row } as unknown as TrackingIdParts
        expect(() => formatTrackingId(made)).toThrow(refusal('invalid-tracking-id'))
      }),
    )
  })
})

describe('the ID of a call', () => {
  test('is what its parts are formatted to', () => {
    fc.assert(
      fc.property(parts, ({ traceId, spanId }) => {
        expect(trackingIdOfCall(traceId, spanId)).toBe(formatTrackingId({ traceId, spanId }))
      }),
    )
  })

  test.each<[string, unknown, unknown]>([
    ['upper case', 'A'.repeat(32), 'b'.repeat(16)],
    ['no trace', '0'.repeat(32), 'b'.repeat(16)],
    ['no span', 'a'.repeat(32), '0'.repeat(16)],
    ['a digit too few', 'a'.repeat(31), 'b'.repeat(16)],
    ['a row', 'a'.repeat(32), `${'b'.repeat(16)}-0`],
    ['a letter that is no digit', `${'a'.repeat(31)}g`, 'b'.repeat(16)],
    ['a letter beyond ASCII', `${'a'.repeat(31)}ａ`, 'b'.repeat(16)],
    ['no text', 5, undefined],
  ])('is none for %s', (_, traceId, spanId) => {
    expect(trackingIdOfCall(traceId, spanId)).toBeUndefined()
  })
})
