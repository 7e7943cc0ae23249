import { feedbackId, formatTrackingId, GroundtraceError, isKey, quote, type Feedback } from '@groundtrace/core'
import { randomBytes } from 'node:crypto'
import { parseJson } from './parse-json.ts'
import { Refusal, tooLarge } from './refusal.ts'
import type { HttpRequest } from './http-request.ts'

/** Feedback lines in one request. */
const MOST_LINES = 1000

/** Structured field values of RFC 9651: a text in quotes. Many send it without. */
const QUOTED = /^"((?:[^"\\]|\\["\\])*)"$/

/** What a request asks for: feedback as sent, with what it left to the receiver. */
export interface FeedbackRequest {
  readonly lines: readonly Feedback[]
  /** Of each line: its time was set here, because the sender gave none. */
  readonly isTimed: readonly boolean[]
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

function derivedId(source: unknown, key: string): string {
  try {
    return feedbackId(source as string, key)
  } catch (error) {
    // The line itself is refused later, with what is wrong in it.
    if (GroundtraceError.isInstance(error)) return randomId()
    throw error
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
  const sent = parseJson(body)
  const isMany = Array.isArray(sent)
  const list: readonly unknown[] = isMany ? sent : [sent]
  if (list.length > MOST_LINES) throw tooLarge(`The list holds more than ${MOST_LINES} lines. Send fewer at once.`)
  const lines = list.map((line, index) => {
    if (typeof line !== 'object' || line === null || Array.isArray(line)) return line as Feedback
    const given = line as Partial<Feedback>
    const id = given.id ?? (key === undefined ? randomId() : derivedId(given.source, isMany ? `${key}#${index}` : key))
    return { ...given, id, time: given.time ?? now } as Feedback
  })
  const isTimed = list.map((line) => (line as Partial<Feedback> | null)?.time === undefined)
  return { lines, isTimed, isMany }
}
