import { writeSync } from 'node:fs'
import { stopAtExit } from '../src/stop-at-exit.ts'

/**
 * `node ending-program.ts <stop> <service>`: a process that runs until it is told to end. It says what happens to it, a
 * line at a time. `stop` is how the stop ends, `service` how the service listens to SIGTERM.
 */
const [how = 'resolves', service = 'silent'] = process.argv.slice(2)
const say = (what: string): void => void writeSync(1, `${what}\n`)

const STOPS: Readonly<Record<string, () => Promise<void>>> = {
  async resolves() {
    await new Promise((resolve) => setImmediate(resolve))
    say('stopped')
  },
  async rejects() {
    say('stopped')
    throw new Error('no collector')
  },
  hangs: () => new Promise(() => say('stopping')),
}

const running = setInterval(() => {}, 60_000)

/** Lets the process end by itself, as a service does that closes its server. */
function close(): void {
  say('closed by the service')
  clearInterval(running)
}

/** Ends the process by the signal when it is the only one that listens: what the package signal-exit does. */
function endAlone(signal: NodeJS.Signals): void {
  say('heard')
  if (process.listenerCount(signal) > 1) return
  process.off(signal, endAlone)
  process.kill(process.pid, signal)
}

const SERVICES: Readonly<Record<string, () => void>> = {
  silent() {},
  listens: () => void process.on('SIGTERM', close),
  once: () => void process.once('SIGTERM', close),
  alone: () => void process.on('SIGTERM', endAlone),
  ends: () => clearInterval(running),
}

const [when = 'silent', order] = service.split('-')
if (order === 'before') SERVICES[when]?.()
stopAtExit({
  flush: async () => say('flushed'),
  stop: () => STOPS[how]?.() ?? Promise.resolve(),
  ...(how === 'hangs' ? { graceMilliseconds: 20 } : {}),
})
if (order !== 'before') SERVICES[when]?.()
say('ready')
