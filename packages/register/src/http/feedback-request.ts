import {
  checkedFeedback,
  feedbackId,
  formatTrackingId,
  isKey,
  isName,
  isRecord,
  quote,
  unknownFeedbackField,
  type Feedback,
} from '@groundtrace/core'
import { randomBytes } from 'node:crypto'
import { refusal } from '../receipt.ts'
import { parseJson } from './parse-json.ts'
import { Refusal, tooLarge } from './refusal.ts'
import type { HttpRequest } from './http-request.ts'

/** Feedback lines in one request. */
const MOST_LINES = 1000

/** Lists, objects and their members in one body: no line has more than 20. */
const MOST_PARTS = 20 * MOST_LINES

/** Structured field values of RFC 9651: a text in quotes. Many send it without. */
const QUOTED = /^"((?:[^"\\]|\\["\\])*)"$/

/** What one line of a request asks for. */
export type RequestedLine =
  /** @param isTimed its time was set here, because the sender gave none */
  | { readonly feedback: Feedback; readonly isTimed: boolean }
  /** It is no feedback. */
  | { readonly id: string; readonly refusal: string }

/** What a request asks for. */
export interface FeedbackRequest {
  readonly lines: readonly RequestedLine[]
  /** True for a list, which is answered by a list. */
  readonly isMany: boolean
}

/** The key under which a sender may send the same again, or undefined. @throws Refusal 400 */
function idempotencyKey(request: HttpRequest): string | undefined {
  const given = request.headers.get('idempotency-key')
  if (given === null) return undefined
  const key = (QUOTED.exec(given)?.[1] ?? given).replaceAll(/\\(["\\])/g, '$1')
  if (isKey(key)) return key
  throw new Refusal(400, `Idempotency-Key ${quote(given)} is empty or too long. Send 1 to 256 characters.`)
}

function randomId(): string {
  return formatTrackingId({ traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex') })
}

/** @throws Refusal 400 */
function derivedId(source: unknown, key: string): string {
  if (!isKey(key)) throw new Refusal(400, 'Idempotency-Key is too long for a list. Send 1 to 252 characters.')
  // Of a source that is none the line itself is refused.
  return isName(source) ? feedbackId(source, key) : randomId()
}

/** A line, checked here: what is no feedback goes no further, nor what has a field that a feedback does not have. */
function lineOf(line: unknown, idOf: (source: unknown) => string, now: number): RequestedLine {
  if (!isRecord(line)) return checked(line, '', false)
  const id = line['id'] ?? idOf(line['source'])
  const time = line['time'] ?? now
  return checked({ ...line, id, time }, typeof id === 'string' ? id : '', line['time'] === undefined)
}

/** Dropped in silence it would be missed by nobody before the data are looked at. */
function unknownField({ kind }: Feedback, field: string): string {
  return `A feedback of kind ${kind} has no field ${quote(field)}. Check its name, or leave it out.`
}

function checked(line: unknown, id: string, isTimed: boolean): RequestedLine {
  try {
    const feedback = checkedFeedback(line as Feedback)
    const field = unknownFeedbackField(line as Feedback)
    return field === undefined ? { feedback, isTimed } : { id, refusal: unknownField(feedback, field) }
  } catch (error) {
    return { id, refusal: refusal(error) }
  }
}

/**
 * Reads what was sent: a feedback, or a list of them, in core's own form. A line without an ID gets one: of the line's source
 * and the request's idempotency key where there is one (in a list the key, `#` and the place from 0), else a random one.
 * A line without a time is said now.
 * @param now milliseconds since 1970
 * @throws Refusal 400, 413
 */
export function readFeedback(request: HttpRequest, body: Uint8Array, now: number): FeedbackRequest {
  const key = idempotencyKey(request)
  const sent = parseJson(body, MOST_PARTS)
  const isMany = Array.isArray(sent)
  const list: readonly unknown[] = isMany ? sent : [sent]
  if (list.length > MOST_LINES) throw tooLarge(`The list holds more than ${MOST_LINES} lines. Send fewer at once.`)
  const lines = list.map((line, index) => {
    const keyOfLine = isMany ? `${key}#${index}` : key
    return lineOf(
      line,
      (source) => (keyOfLine === undefined || key === undefined ? randomId() : derivedId(source, keyOfLine)),
      now,
    )
  })
  return { lines, isMany }
}
