import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { checkedFeedback, checkedLineage, GroundtraceError, type Receipt } from '@groundtrace/core'
import type { DriverOptions } from '../open-driver.ts'
import type { StoreDriver } from '../store-driver.ts'
import { receivedError, type Call, type Opened, type Reply } from './call.ts'
import type { Judgement } from '../../receipt.ts'
import { packedLines } from './packed-lines.ts'
import { appendSendable, UnsendableError } from './sendable-lines.ts'

/** Sources run as they are, and what they import is then found by this condition. */
const isSource = import.meta.url.endsWith('.ts')

/** Opening may wait for other processes, and for the file to be migrated. */
const OPENING_MS = 60_000

/** What the thread makes is garbage at once. Left alone, the space for it grows to 100 MB under a flood, and never shrinks. */
const YOUNG_MB = 24

/** Methods that are called in the other thread as they are called here. */
const METHODS = [
  'closeDue',
  'expire',
  'prediction',
  'feedbackOn',
  'feedback',
  'waiting',
  'outcomesOf',
  'predictionsOfTrace',
  'predictionsInside',
  'lineageOf',
  'dataSet',
  'versions',
  'tasks',
  'read',
  'cursorPage',
  'moveCursor',
  'counts',
  'totals',
  'recordLoss',
  'erase',
  'eraseUser',
  'setConsent',
  'prune',
  'dropWaiting',
] as const satisfies readonly (keyof StoreDriver)[]

interface Pending {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/**
 * A driver whose store is opened in a thread of its own: the disk, the locks of other processes and the sealing of keys hold
 * up that thread, and never the event loop of the service.
 *
 * Opening blocks the caller until the store is open, as it does in the caller's thread. The thread keeps the process alive
 * only while it owes an answer.
 * @throws what opening throws
 */
export function driverInOwnThread({ now, ...options }: DriverOptions): StoreDriver {
  const { port1: port, port2 } = new MessageChannel()
  const ready = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(new URL(isSource ? './worker.ts' : './worker.js', import.meta.url), {
    workerData: { port: port2, options, now: now(), ready },
    transferList: [port2],
    // Not the service's own flags: what it preloads is for its own thread. Node 22 has said there that SQLite is experimental.
    execArgv: ['--disable-warning=ExperimentalWarning', ...(isSource ? ['--conditions=source'] : [])],
    env: {},
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  })
  worker.unref()
  Atomics.wait(ready, 0, 0, OPENING_MS)
  const opened = receiveMessageOnPort(port)?.message as Opened | undefined
  if (opened === undefined || 'error' in opened) {
    port.close()
    void worker.terminate()
    throw opened === undefined ? gone(options.path, 'did not start') : receivedError(opened.error)
  }

  const pending = new Map<number, Pending>()
  let calls = 0
  let failure: GroundtraceError | undefined

  function settle(number: number): Pending | undefined {
    const found = pending.get(number)
    pending.delete(number)
    if (pending.size === 0) port.unref()
    return found
  }

  function fail(error: GroundtraceError): void {
    failure ??= error
    for (const number of pending.keys()) settle(number)?.reject(error)
  }

  port.on('message', (reply: Reply) => {
    if ('error' in reply) settle(reply.number)?.reject(receivedError(reply.error))
    else settle(reply.number)?.resolve(reply.value)
  })
  port.unref()
  worker.on('error', (error) => fail(gone(options.path, `failed (${String(error)})`)))
  worker.on('exit', () => fail(gone(options.path, 'ended')))

  async function call(method: string, args: readonly unknown[]): Promise<unknown> {
    if (failure !== undefined) throw failure
    calls += 1
    const number = calls
    return await new Promise((resolve, reject) => {
      const message: Call = { number, method, args, now: now() }
      try {
        port.postMessage(message)
      } catch (error) {
        // Nothing was sent.
        throw new UnsendableError(method, { cause: error })
      }
      pending.set(number, { resolve, reject })
      port.ref()
    })
  }

  const appending =
    <Line>(method: string, check: (line: Line) => Line) =>
    (lines: readonly Line[]): Promise<readonly Receipt[]> =>
      appendSendable(lines, async (sent) => (await call(method, [sent])) as readonly Receipt[], check)

  const methods = Object.fromEntries(
    METHODS.map((method) => [method, (...args: readonly unknown[]) => call(method, args)]),
  ) as unknown as Pick<StoreDriver, (typeof METHODS)[number]>
  return {
    ...opened.facts,
    ...methods,
    async appendLines(lines) {
      return (await call('appendLines', [packedLines(lines)])) as readonly Judgement[]
    },
    appendFeedback: appending('appendFeedback', checkedFeedback),
    appendLineage: appending('appendLineage', checkedLineage),
    async close() {
      await call('close', [])
      // Without a port the thread has nothing left to do, and ends.
      port.close()
    },
  }
}

function gone(path: string, what: string): GroundtraceError {
  return new GroundtraceError(
    'register-unavailable',
    `The thread of the register ${path} ${what}`,
    'Open the register again: what was acknowledged is there',
  )
}
