import { formatTrackingId } from '@groundtrace/core'
import { INVALID_SPAN_CONTEXT, type SpanContext } from '@opentelemetry/api'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assignIds } from '../src/assign-ids.ts'
import { createIdSource } from '../src/random-ids.ts'

const context = (traceId: string, spanId: string, traceFlags = 0): SpanContext => ({ traceId, spanId, traceFlags })
const TRACE = 'a'.repeat(32)
const OTHER_TRACE = 'b'.repeat(32)
const SPAN = '1'.repeat(16)
const AROUND = context(TRACE, '2'.repeat(16))
const PARENT = formatTrackingId({ traceId: 'c'.repeat(32), spanId: '3'.repeat(16) })
const ids = createIdSource()

describe('the IDs of a prediction', () => {
  test('are those of its span when that is its own, sampled or not', () => {
    for (const flags of [0, 1]) {
      expect(assignIds(context(TRACE, SPAN, flags), AROUND, PARENT, ids)).toEqual({
        traceId: TRACE,
        spanId: SPAN,
        hasSpan: true,
      })
    }
  })

  test('keep the trace of the span around it when the tracer only hands that one on', () => {
    const assigned = assignIds(AROUND, AROUND, undefined, ids)
    expect(assigned).toMatchObject({ traceId: TRACE, hasSpan: false })
    expect(assigned.spanId).not.toBe(AROUND.spanId)
  })

  test('keep the trace of the span around it when tracing is suppressed', () => {
    expect(assignIds(INVALID_SPAN_CONTEXT, AROUND, PARENT, ids)).toMatchObject({ traceId: TRACE, hasSpan: false })
  })

  test('keep a trace whose span is invalid', () => {
    const assigned = assignIds(context(OTHER_TRACE, '0'.repeat(16)), AROUND, PARENT, ids)
    expect(assigned).toMatchObject({ traceId: OTHER_TRACE, hasSpan: false })
  })

  test('keep the trace of the prediction around it when there is no span at all', () => {
    expect(assignIds(undefined, undefined, PARENT, ids)).toMatchObject({ traceId: 'c'.repeat(32), hasSpan: false })
  })

  test('are in lower case when the tracer writes upper case', () => {
    expect(assignIds(context('A'.repeat(32), 'F'.repeat(16)), undefined, undefined, ids)).toEqual({
      traceId: TRACE,
      spanId: 'f'.repeat(16),
      hasSpan: true,
    })
  })
})

/** Anything a tracer may answer: valid IDs, the all-zero ones, the same few again and again, nonsense. */
const anyContext = fc.option(
  fc.record({
    traceId: fc.constantFrom(TRACE, OTHER_TRACE, '0'.repeat(32), '', 'A'.repeat(32), 'nonsense', 5 as never),
    spanId: fc.constantFrom('1'.repeat(16), '2'.repeat(16), '0'.repeat(16), '', 'no hex', undefined as never),
    traceFlags: fc.constantFrom(0, 1),
  }),
  { nil: undefined },
)

test('law: whatever the tracer answers, the parts make a tracking ID', () => {
  fc.assert(
    fc.property(anyContext, anyContext, fc.constantFrom(undefined, PARENT), (span, around, parent) => {
      const assigned = assignIds(span, around, parent, ids)
      expect(() => formatTrackingId(assigned)).not.toThrow()
    }),
  )
})

test('law: predictions without a span of their own never share an ID', () => {
  fc.assert(
    fc.property(fc.array(anyContext, { minLength: 2, maxLength: 50 }), (spans) => {
      const assigned = spans.map((span) => assignIds(span, span, undefined, ids))
      expect(assigned.some(({ hasSpan }) => hasSpan)).toBe(false)
      expect(new Set(assigned.map(formatTrackingId)).size).toBe(spans.length)
    }),
  )
})
