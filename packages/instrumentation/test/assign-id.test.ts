import { formatTrackingId, isTrackingId, parseTrackingId } from '@groundtrace/core'
import { INVALID_SPAN_CONTEXT, type SpanContext } from '@opentelemetry/api'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { idOfSpan, idWithoutSpan } from '../src/assign-id.ts'
import { createIdSource } from '../src/random-ids.ts'

const context = (traceId: string, spanId: string, traceFlags = 0): SpanContext => ({ traceId, spanId, traceFlags })
const TRACE = 'a'.repeat(32)
const OTHER_TRACE = 'b'.repeat(32)
const SPAN = '1'.repeat(16)
const AROUND = context(TRACE, '2'.repeat(16))
const PARENT = formatTrackingId({ traceId: 'c'.repeat(32), spanId: '3'.repeat(16) })
const ids = createIdSource()

type Given = Parameters<typeof idWithoutSpan>

/** The ID of a prediction, as its span is started: that of the span, or one of our own. */
function assign(...[span, around, parent, source]: Given) {
  const own = idOfSpan(span, around)
  return { trackingId: own ?? idWithoutSpan(span, around, parent, source), hasSpan: own !== undefined }
}

/** The parts of the ID that was assigned, and whether it names a span. */
function assigned(...given: Given) {
  const { trackingId, hasSpan } = assign(...given)
  return { ...parseTrackingId(trackingId), hasSpan }
}

describe('the ID of a prediction', () => {
  test('is that of its span when that is its own, sampled or not', () => {
    for (const flags of [0, 1]) {
      expect(assigned(context(TRACE, SPAN, flags), AROUND, PARENT, ids)).toEqual({
        traceId: TRACE,
        spanId: SPAN,
        hasSpan: true,
      })
    }
  })

  test('keeps the trace of the span around it when the tracer only hands that one on', () => {
    const { spanId, ...rest } = assigned(AROUND, AROUND, undefined, ids)
    expect(rest).toEqual({ traceId: TRACE, hasSpan: false })
    expect(spanId).not.toBe(AROUND.spanId)
  })

  test('keeps the trace of the span around it when tracing is suppressed', () => {
    expect(assigned(INVALID_SPAN_CONTEXT, AROUND, PARENT, ids)).toMatchObject({ traceId: TRACE, hasSpan: false })
  })

  test('keeps a trace whose span is invalid', () => {
    const invalid = context(OTHER_TRACE, '0'.repeat(16))
    expect(assigned(invalid, AROUND, PARENT, ids)).toMatchObject({ traceId: OTHER_TRACE, hasSpan: false })
  })

  test('keeps the trace of the prediction around it when there is no span at all', () => {
    expect(assigned(undefined, undefined, PARENT, ids)).toMatchObject({ traceId: 'c'.repeat(32), hasSpan: false })
  })

  test('is in lower case when the tracer writes upper case', () => {
    expect(assigned(context('A'.repeat(32), 'F'.repeat(16)), undefined, undefined, ids)).toEqual({
      traceId: TRACE,
      spanId: 'f'.repeat(16),
      hasSpan: true,
    })
  })

  test('is no row of a batch, whatever the tracer puts into its span ID', () => {
    expect(assigned(context(TRACE, `${SPAN}-5`), undefined, undefined, ids)).toMatchObject({
      traceId: TRACE,
      hasSpan: false,
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

test('law: whatever the tracer answers, it is a tracking ID', () => {
  fc.assert(
    fc.property(anyContext, anyContext, fc.constantFrom(undefined, PARENT), (span, around, parent) => {
      expect(isTrackingId(assign(span, around, parent, ids).trackingId)).toBe(true)
    }),
  )
})

test('law: predictions without a span of their own never share an ID', () => {
  fc.assert(
    fc.property(fc.array(anyContext, { minLength: 2, maxLength: 50 }), (spans) => {
      const all = spans.map((span) => assign(span, span, undefined, ids))
      expect(all.some(({ hasSpan }) => hasSpan)).toBe(false)
      expect(new Set(all.map(({ trackingId }) => trackingId)).size).toBe(spans.length)
    }),
  )
})
