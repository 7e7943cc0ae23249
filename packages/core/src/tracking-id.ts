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
/** A trace ID, a hyphen and a span ID. */
const CALL_LENGTH = TRACE_LENGTH + 1 + SPAN_LENGTH

function split(text: string): TrackingIdParts | undefined {
  const match = FORM.exec(text)
  if (match === null) return undefined
  const [, traceId, spanId, digits] = match
  if (traceId === undefined || spanId === undefined || traceId === NO_TRACE || spanId === NO_SPAN) return undefined
  if (digits === undefined) return { traceId, spanId }
  const row = Number(digits)
  return Number.isSafeInteger(row) ? { traceId, spanId, row } : undefined
}

/** By the code of a character: 1 for a digit of a trace or span ID. */
const DIGITS = Uint8Array.from({ length: 128 }, (_, code) => (/[0-9a-f]/.test(String.fromCharCode(code)) ? 1 : 0))
const ZERO = '0'.charCodeAt(0)

/** True for hex digits that are not all zero. A loop over a table: every prediction pays for it, and a form costs three times as much. */
function isHex(text: string, start: number, end: number): boolean {
  let bits = 0
  for (let index = start; index < end; index += 1) {
    const code = text.charCodeAt(index)
    if (DIGITS[code] !== 1) return false
    bits |= code ^ ZERO
  }
  return bits !== 0
}

/** True when the text is a tracking ID, to the letter. Never throws. */
export function isTrackingId(text: unknown): text is TrackingId {
  if (typeof text !== 'string') return false
  if (text.length !== CALL_LENGTH) return split(text) !== undefined
  return text[TRACE_LENGTH] === '-' && isHex(text, 0, TRACE_LENGTH) && isHex(text, TRACE_LENGTH + 1, CALL_LENGTH)
}

/**
 * The tracking ID of a call: of a trace and span ID as OpenTelemetry writes them, in lower-case hex. Undefined where they
 * make none. Never throws.
 */
export function trackingIdOfCall(traceId: unknown, spanId: unknown): TrackingId | undefined {
  if (typeof traceId !== 'string' || traceId.length !== TRACE_LENGTH || !isHex(traceId, 0, TRACE_LENGTH))
    return undefined
  if (typeof spanId !== 'string' || spanId.length !== SPAN_LENGTH || !isHex(spanId, 0, SPAN_LENGTH)) return undefined
  return `${traceId}-${spanId}` as TrackingId
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
  const call = trackingIdOfCall(traceId, spanId)
  if (call === undefined || !(row === undefined || (Number.isSafeInteger(row) && row >= 0))) {
    throw new GroundtraceError(
      'invalid-tracking-id',
      `Trace ${quote(traceId)}, span ${quote(spanId)}, row ${quote(row)} make no tracking ID`,
      'Pass a trace ID of 32 and a span ID of 16 lower-case hex digits, neither all zero, and a row that is a whole number from 0',
    )
  }
  return row === undefined ? call : (`${call}-${row}` as TrackingId)
}
