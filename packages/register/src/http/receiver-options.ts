import { quote, taskCatalogue, type Register, type Task, type TaskCatalogue } from '@groundtrace/core'
import { duration, invalidArgument, list, wholeNumber } from '../arguments.ts'
import type { LossDiagnostic } from '../loss-book.ts'
import { NODE_TIMERS, type Timers } from '../timers.ts'
import { checkedTokens } from './bearer.ts'

export interface ReceiverOptions {
  /** Where lines go; a request is answered when they are there. */
  readonly register: Register
  /** Tasks as the register knows them. Others are taken as the event describes them. Default none. */
  readonly tasks?: readonly Task[]
  /** Bearer tokens, one of which a request must carry. Default none: everybody who can reach the receiver may write. */
  readonly tokens?: readonly string[]
  /** Longest body, as sent and again when decompressed; a longer one is refused with 413. Default 20 MiB, as OTLP recommends. */
  readonly maxBodyBytes?: number
  /** Longest single event; a longer one is rejected, those beside it are not. Default 1 MiB. */
  readonly maxRecordBytes?: number
  /** Bytes of bodies that all requests together may hold; what comes then is put off with 429. Default 64 MiB. */
  readonly maxBytesInFlight?: number
  /** Longest that a body may take to arrive, in milliseconds; then 503. Default 10,000. */
  readonly bodyTimeoutMs?: number
  /** Longest that storing may take, in milliseconds; then 503. Default 30,000. */
  readonly storeTimeoutMs?: number
  /** Seconds after which whoever was put off shall try again. Default 1. */
  readonly retryAfterSeconds?: number
  /** Hears of lines that were refused, and of what failed; what it throws is ignored. Default: nobody. */
  readonly onDiagnostic?: (diagnostic: LossDiagnostic) => void
  /** Milliseconds since 1970: the time of feedback that says none. Default `Date.now`. */
  readonly now?: () => number
  /** Default: Node's. */
  readonly timers?: Timers
}

export type ReceiverSettings = Required<Omit<ReceiverOptions, 'tasks'>> & { readonly tasks: TaskCatalogue }

const MEBIBYTE = 2 ** 20

/** @throws GroundtraceError `invalid-argument`, or `invalid-task` for a task declared twice */
export function checkedReceiverOptions(options: ReceiverOptions): ReceiverSettings {
  const given: Partial<ReceiverOptions> = options ?? {}
  const { register } = given
  if (typeof register?.appendPredictions !== 'function') {
    throw invalidArgument(
      `${quote(register)} is no register`,
      'Pass what openSqliteRegister or openPostgresRegister returned',
    )
  }
  const maxBodyBytes = wholeNumber(given.maxBodyBytes ?? 20 * MEBIBYTE, 'maxBodyBytes', 1)
  const maxBytesInFlight = wholeNumber(given.maxBytesInFlight ?? 64 * MEBIBYTE, 'maxBytesInFlight', 1)
  if (maxBytesInFlight < 2 * maxBodyBytes) {
    throw invalidArgument(
      `maxBytesInFlight ${maxBytesInFlight} holds no two bodies of ${maxBodyBytes} bytes`,
      'Make it twice maxBodyBytes at least: a body is there compressed and plain for a while',
    )
  }
  return {
    register,
    tasks: taskCatalogue(list(given.tasks ?? [], 'tasks')),
    tokens: checkedTokens(given.tokens ?? []),
    maxBodyBytes,
    maxRecordBytes: wholeNumber(given.maxRecordBytes ?? MEBIBYTE, 'maxRecordBytes', 1),
    maxBytesInFlight,
    bodyTimeoutMs: duration(given.bodyTimeoutMs ?? 10_000, 'bodyTimeoutMs'),
    storeTimeoutMs: duration(given.storeTimeoutMs ?? 30_000, 'storeTimeoutMs'),
    retryAfterSeconds: wholeNumber(given.retryAfterSeconds ?? 1, 'retryAfterSeconds', 1),
    onDiagnostic: given.onDiagnostic ?? (() => undefined),
    now: given.now ?? Date.now,
    timers: given.timers ?? NODE_TIMERS,
  }
}
