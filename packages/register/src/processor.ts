import {
  isName,
  quote,
  taskCatalogue,
  type EventProcessor,
  type LogEvent,
  type Register,
  type Task,
} from '@groundtrace/core'
import { duration, invalidArgument, list, wholeNumber } from './arguments.ts'
import { isOurs } from './batch.ts'
import { delivery } from './delivery.ts'
import { EventQueue } from './event-queue.ts'
import { lossBook, type LossDiagnostic } from './loss-book.ts'
import type { Loss } from './loss.ts'
import { NODE_TIMERS, type Timer, type Timers } from './timers.ts'

export interface RegisterProcessorOptions {
  /** Tasks as the register knows them. Others are taken as the event describes them. Default none. */
  readonly tasks?: readonly Task[]
  /** Events that may wait, those being stored included; further ones are lost as `queue-full`. Default 10,000. */
  readonly maxQueue?: number
  /** Memory that waiting events may take, about, in bytes; further ones are lost as `queue-full`. Default 64 MiB. */
  readonly maxQueueBytes?: number
  /**
   * Events stored in one go, 4 MiB of them at most. A SQLite register in the caller's thread holds that for about 40 µs an
   * event; one in its own thread is only sent a copy. Default 200.
   */
  readonly maxBatch?: number
  /** Longest wait before a flush starts, in milliseconds. Default 200. */
  readonly flushIntervalMs?: number
  /** Attempts to store a batch before it is lost as `register-unavailable`. Default 10. */
  readonly maxAttempts?: number
  /** Wait before the second attempt, in milliseconds; doubled before each further one. Default 100: 51.1 s in all. */
  readonly retryDelayMs?: number
  /** Longest that `shutdown` takes, in milliseconds; what is not stored by then is lost as `shutdown-timeout`. Default 10,000. */
  readonly shutdownTimeoutMs?: number
  /** Hears of losses, and of feedback that the register refused; what it throws is ignored. Default: nobody. */
  readonly onDiagnostic?: (diagnostic: LossDiagnostic) => void
  /** Default: Node's. */
  readonly timers?: Timers
}

/** An event processor that says what it lost. */
export interface RegisterProcessor extends EventProcessor {
  /** Events lost since this processor was made, by reason; empty when nothing was. */
  loss(): Loss
}

const MEBIBYTE = 2 ** 20

/** A register in the caller's thread holds that while it writes a batch; this much takes a few tens of milliseconds. */
const BATCH_BYTES = 4 * MEBIBYTE

type Settings = Required<RegisterProcessorOptions>

function checkedOptions(options: RegisterProcessorOptions): Settings {
  const maxQueue = wholeNumber(options.maxQueue ?? 10_000, 'maxQueue', 1)
  const maxBatch = wholeNumber(options.maxBatch ?? Math.min(200, maxQueue), 'maxBatch', 1)
  if (maxBatch > maxQueue) {
    throw invalidArgument(`maxBatch ${maxBatch} is above maxQueue ${maxQueue}`, 'Let the queue hold a batch at least')
  }
  return {
    tasks: list(options.tasks ?? [], 'tasks'),
    maxQueue,
    maxBatch,
    maxQueueBytes: wholeNumber(options.maxQueueBytes ?? 64 * MEBIBYTE, 'maxQueueBytes', 1),
    flushIntervalMs: duration(options.flushIntervalMs ?? 200, 'flushIntervalMs'),
    maxAttempts: wholeNumber(options.maxAttempts ?? 10, 'maxAttempts', 1),
    retryDelayMs: duration(options.retryDelayMs ?? 100, 'retryDelayMs'),
    shutdownTimeoutMs: duration(options.shutdownTimeoutMs ?? 10_000, 'shutdownTimeoutMs'),
    onDiagnostic: options.onDiagnostic ?? (() => undefined),
    timers: options.timers ?? NODE_TIMERS,
  }
}

/**
 * Feeds a register with events: a log record processor for our own pipeline and for OpenTelemetry SDK 2.x and 3.x.
 * `onEmit` takes the event and returns; events of other names pass by. None of its methods throws or rejects. Whatever
 * does not reach the register is counted by reason, here and in the register's loss ledger.
 * Do not change an event's attributes after it was emitted: they are read when it is stored.
 * @throws GroundtraceError `invalid-argument` for options that make no sense, `invalid-task` for a task declared twice
 */
export function registerProcessor(register: Register, given: RegisterProcessorOptions = {}): RegisterProcessor {
  const settings = checkedOptions(given ?? {})
  const { maxQueue, maxQueueBytes, maxBatch, flushIntervalMs, shutdownTimeoutMs, onDiagnostic, timers } = settings
  if (typeof register?.appendPredictions !== 'function') {
    throw invalidArgument(
      `${quote(register)} is no register`,
      'Pass what openSqliteRegister or openPostgresRegister returned',
    )
  }
  const losses = lossBook()
  const deliver = delivery({
    register,
    tasks: taskCatalogue(settings.tasks),
    lose,
    mention: (reason, lines, error) => losses.mention(reason, lines, error),
    retry: {
      attempts: settings.maxAttempts,
      firstDelayMs: settings.retryDelayMs,
      pause,
      onFailure(error) {
        lastFailure = error
      },
    },
  })

  /** The events at its head are being stored; they stay until they are. */
  const queue = new EventQueue({ events: maxQueue, bytes: maxQueueBytes })
  let done = 0
  let draining = false
  let closing: Promise<void> | undefined
  /** What was queued at the deadline of the shutdown is counted as lost, whatever still becomes of it. */
  let abandoned = false
  /** What the register last failed with, for whoever asks why the shutdown did not wait longer. */
  let lastFailure: unknown
  /** Those who wait until so many events are done. */
  let waiting: readonly { readonly until: number; readonly resolve: () => void }[] = []
  /** Until the next flush, or the pause of a running one. */
  let timer: Timer | undefined

  function lose(reason: string, lines: number, error?: unknown): void {
    if (!abandoned) losses.lose(reason, lines, error)
  }

  /** Only somebody who waits keeps the process alive. */
  function later(run: () => void, milliseconds: number): void {
    timer = timers.setTimeout(() => {
      timer = undefined
      run()
    }, milliseconds)
    if (waiting.length === 0) timer.unref?.()
  }

  function pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      later(resolve, milliseconds)
    })
  }

  function settle(events: number): void {
    queue.drop(events)
    done += events
    const ready = waiting.filter(({ until }) => until <= done)
    waiting = waiting.filter(({ until }) => until > done)
    for (const { resolve } of ready) resolve()
  }

  async function writeLosses(): Promise<void> {
    losses.tell(onDiagnostic)
    await losses.record(register)
  }

  async function drain(): Promise<void> {
    draining = true
    while (queue.length > 0) {
      const events = queue.head({ events: maxBatch, bytes: BATCH_BYTES })
      try {
        await deliver(events)
      } catch (error) {
        // A hostile event can make even the telling of its fault fail: nobody shall wait for it for ever.
        lose('delivery-failed', events.length, error)
      }
      await writeLosses()
      settle(events.length)
      // Let the service have its turn.
      if (queue.length > 0) await pause(0)
    }
    draining = false
  }

  function start(): void {
    if (timer !== undefined) timers.clearTimeout(timer)
    timer = undefined
    void drain()
  }

  /** Sets the next flush, unless one runs: a full batch goes at once, a smaller one when its time has come. */
  function schedule(): void {
    const full = queue.length === maxBatch
    if (draining || (timer !== undefined && !full)) return
    if (timer !== undefined) timers.clearTimeout(timer)
    later(start, full ? 0 : flushIntervalMs)
  }

  function take(event: LogEvent): void {
    if (closing !== undefined) losses.lose('processor-closed', 1)
    else if (queue.push(event)) schedule()
    else losses.lose('queue-full', 1)
  }

  async function flush(): Promise<void> {
    if (queue.length > 0) {
      const flushed = new Promise<void>((resolve) => {
        waiting = [...waiting, { until: done + queue.length, resolve }]
      })
      // A pause of the running one, which nobody waited for before.
      timer?.ref?.()
      if (!draining) start()
      await flushed
    }
    await writeLosses()
  }

  /** Gives up what is left: nobody waits for it any longer. */
  function abandon(): void {
    if (queue.length > 0) losses.lose('shutdown-timeout', queue.length, lastFailure)
    abandoned = true
    if (timer !== undefined) timers.clearTimeout(timer)
    timer = undefined
    settle(queue.length)
    // Without waiting for it: the register may be what hangs.
    void writeLosses()
  }

  async function shutdown(): Promise<void> {
    const deadline = Promise.withResolvers<void>()
    const clock = timers.setTimeout(() => {
      abandon()
      deadline.resolve()
    }, shutdownTimeoutMs)
    await Promise.race([flush(), deadline.promise])
    timers.clearTimeout(clock)
  }

  return {
    onEmit(event) {
      try {
        if (isOurs(event)) take(event)
      } catch (error) {
        losses.lose('invalid-event', 1, error)
      }
    },
    onLoss(reason, lines, cause) {
      if (Number.isSafeInteger(lines) && lines > 0) losses.lose(isName(reason) ? reason : 'unnamed', lines, cause)
      if (!draining && timer === undefined) later(() => void writeLosses(), flushIntervalMs)
    },
    forceFlush: flush,
    shutdown: () => (closing ??= shutdown()),
    loss: () => losses.total(),
  }
}
