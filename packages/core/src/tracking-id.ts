import { GroundtraceError } from './errors.ts'
import { quote } from './quote.ts'

declare const brand: unique symbol

/**
 * The name of one prediction: `<trace-id>-<span-id>` in lower-case hex, and `-<row>` for a row of a batch.
 * Trace and span are those of W3C Trace Context, so the ID leads to the trace and the trace to the ID.
 */
export type TrackingId = string & { readonly [brand]: 'TrackingId' }

/** What a tracking ID is made of. */
export interface TrackingIdParts {
  /** 32 lower-case hex digits, not all zero. */
  readonly traceId: string
  /** 16 lower-case hex digits, not all zero. */
  readonly spanId: string
  /** Row of a batch, from 0; a safe integer. Absent for a prediction of its own. */
  readonly row?: number
}

const FORM = /^([0-9a-f]{32})-([0-9a-f]{16})(?:-(0|[1-9][0-9]{0,15}))?$/
/** What to do where a text is no tracking ID. */
export const TRACKING_ID_FORM =
  'Pass <32 hex digits>-<16 hex digits> in lower case, with -<row> for a row of a batch, exactly as the prediction returned it'

const NO_TRACE = '0'.repeat(32)
const NO_SPAN = '0'.repeat(16)
const TRACE_LENGTH = NO_TRACE.length
const SPAN_LENGTH = NO_SPAN.length

function split(text: string): TrackingIdParts | undefined {
  const match = FORM.exec(text)
  if (match === null) return undefined
  const [, traceId, spanId, digits] = match
  if (traceId === undefined || spanId === undefined || traceId === NO_TRACE || spanId === NO_SPAN) return undefined
  if (digits === undefined) return { traceId, spanId }
  const row = Number(digits)
  return Number.isSafeInteger(row) ? { traceId, spanId, row } : undefined
}

/** The form of a call's ID, with neither part all zeros: tested without taking it apart, since every prediction is. */
const CALL = /^(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}$/

/** True when the text is a tracking ID, to the letter. Never throws. */
export function isTrackingId(text: unknown): text is TrackingId {
  if (typeof text !== 'string') return false
  return text.length === CALL_LENGTH ? CALL.test(text) : split(text) !== undefined
}

/**
 * Takes a tracking ID apart. Strict: no white space, no upper case, no leading zero of the row, no all-zero part.
 * @throws GroundtraceError `invalid-tracking-id`
 */
export function parseTrackingId(text: string): TrackingIdParts {
  const parts = typeof text === 'string' ? split(text) : undefined
  if (parts === undefined) {
    throw new GroundtraceError('invalid-tracking-id', `${quote(text)} is not a tracking ID`, TRACKING_ID_FORM)
  }
  return parts
}

/** A trace ID, a hyphen and a span ID. */
const CALL_LENGTH = 49

/** The ID of the call that a row belongs to; of a prediction that is no row, its own. Never throws. */
export function callOf(id: TrackingId): TrackingId {
  return (id.length > CALL_LENGTH ? id.slice(0, CALL_LENGTH) : id) as TrackingId
}

/** The text as a tracking ID. @throws GroundtraceError `invalid-tracking-id` */
export function trackingId(text: string): TrackingId {
  parseTrackingId(text)
  return text as TrackingId
}

/**
 * Makes a tracking ID of its parts; the inverse of {@link parseTrackingId}.
 * @throws GroundtraceError `invalid-tracking-id` for parts that no tracking ID has
 */
export function formatTrackingId(parts: TrackingIdParts): TrackingId {
  const { traceId, spanId, row }: Partial<TrackingIdParts> = parts ?? {}
  const isCall =
    typeof traceId === 'string' &&
    typeof spanId === 'string' &&
    traceId.length === TRACE_LENGTH &&
    spanId.length === SPAN_LENGTH &&
    CALL.test(`${traceId}-${spanId}`)
  if (!isCall || !(row === undefined || (Number.isSafeInteger(row) && row >= 0))) {
    throw new GroundtraceError(
      'invalid-tracking-id',
      `Trace ${quote(traceId)}, span ${quote(spanId)}, row ${quote(row)} make no tracking ID`,
      'Pass a trace ID of 32 and a span ID of 16 lower-case hex digits, neither all zero, and a row that is a whole number from 0',
    )
  }
  return (row === undefined ? `${traceId}-${spanId}` : `${traceId}-${spanId}-${row}`) as TrackingId
}
