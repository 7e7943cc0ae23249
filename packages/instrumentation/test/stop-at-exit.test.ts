import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

/** How a process ended, and what it had said. */
interface End {
  readonly said: readonly string[]
  readonly code: number | null
  readonly signal: string | null
}

/** Runs the program, and ends it by the signal once it is ready; without one it is to end by itself. */
function end(signal: 'SIGTERM' | 'SIGINT' | undefined, ...parameters: readonly string[]): Promise<End> {
  const program = join(import.meta.dirname, 'ending-program.ts')
  const child = spawn(process.execPath, ['--conditions=source', '--no-warnings', program, ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    said += part
    if (signal !== undefined && said === 'ready\n') child.kill(signal)
  })
  return new Promise((resolve) =>
    child.once('close', (code, killedBy) => resolve({ said: said.trim().split('\n'), code, signal: killedBy })),
  )
}

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  test('that nobody else listens to stops first, and then ends the process as it would have', async () => {
    expect(await end(signal)).toEqual({ said: ['ready', 'stopped'], code: null, signal })
  })

  // open-telemetry/opentelemetry-js-contrib#3505: a wedged exporter must not keep the process alive.
  test('ends the process when the stop never ends', async () => {
    expect(await end(signal, 'hangs')).toEqual({ said: ['ready', 'stopping'], code: null, signal })
  })

  test('ends the process when the stop fails', async () => {
    expect(await end(signal, 'rejects')).toEqual({ said: ['ready', 'stopped'], code: null, signal })
  })
})

test.each(['listens', 'once', 'listens-before', 'once-before'])(
  'a signal that the service %s to is the service’s: there is a flush, and a stop when the service lets the process end',
  async (service) => {
    expect(await end('SIGTERM', 'resolves', service)).toEqual({
      said: ['ready', 'flushed', 'closed by the service', 'stopped'],
      code: 0,
      signal: null,
    })
  },
)

test.each(['alone', 'alone-before'])(
  'a service that ends the process by the signal when nobody else listens (%s) still does',
  async (service) => {
    expect(await end('SIGTERM', 'resolves', service)).toEqual({
      said: ['ready', 'flushed', 'heard'],
      code: null,
      signal: 'SIGTERM',
    })
  },
)

test('a signal of the other kind is not the service’s', async () => {
  expect(await end('SIGINT', 'resolves', 'listens')).toEqual({
    said: ['ready', 'stopped'],
    code: null,
    signal: 'SIGINT',
  })
})

describe('a process that ends by itself', () => {
  // open-telemetry/opentelemetry-js-contrib#2383: zero-code instrumentation that does not flush on a normal exit.
  test('stops first', async () => {
    expect(await end(undefined, 'resolves', 'ends')).toEqual({ said: ['ready', 'stopped'], code: 0, signal: null })
  })

  test.each(['hangs', 'rejects'])('ends as it would have when the stop %s', async (how) => {
    expect(await end(undefined, how, 'ends')).toMatchObject({ code: 0, signal: null })
  })
})
