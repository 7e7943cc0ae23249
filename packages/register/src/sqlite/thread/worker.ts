import { workerData, type MessagePort } from 'node:worker_threads'
import { openSqliteDriver, type DriverOptions } from '../open-driver.ts'
import { unpackedLines, type PackedLines } from './packed-lines.ts'
import { sentError, type Call, type Opened, type Reply } from './call.ts'

/** What the thread is started with. */
export interface ThreadStart {
  readonly port: MessagePort
  readonly options: Omit<DriverOptions, 'now'>
  readonly now: number
  /** Raised when the first message is there. */
  readonly ready: Int32Array
}

const { port, options, now, ready } = workerData as ThreadStart
let time = now

function tell(message: Opened): void {
  port.postMessage(message)
  Atomics.store(ready, 0, 1)
  Atomics.notify(ready, 0)
}

function serve(): void {
  const { name, capabilities, ...methods } = openSqliteDriver({ ...options, now: () => time })
  const appendLines = (lines: PackedLines): unknown => methods.appendLines(unpackedLines(lines))
  const byName = { ...methods, appendLines } as unknown as Readonly<
    Record<string, (...args: readonly unknown[]) => unknown>
  >
  port.on('message', (call: Call) => {
    time = call.now
    port.postMessage(replyTo(byName, call))
  })
  tell({ facts: { name, capabilities } })
}

function replyTo(methods: Readonly<Record<string, (...args: readonly unknown[]) => unknown>>, call: Call): Reply {
  const { number, method, args } = call
  try {
    return { number, value: methods[method]?.(...args) }
  } catch (error) {
    return { number, error: sentError(error) }
  }
}

try {
  serve()
} catch (error) {
  tell({ error: sentError(error) })
  port.close()
}
