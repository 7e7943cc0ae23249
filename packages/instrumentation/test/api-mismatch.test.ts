import { tracePrediction } from '@groundtrace/instrumentation'
import { trace } from '@opentelemetry/api'
import { TracerProvider } from '@opentelemetry/sdk-trace'
import { afterEach, expect, test } from 'vitest'
import { apiMismatch } from '../src/api-mismatch.ts'
import { FILTERED } from './spam-filter.ts'

const GLOBAL_API = Symbol.for('opentelemetry.js.api.1')
const globals = globalThis as Record<symbol, unknown>

/** What a host on API 1.9 leaves in the global place; that our 1.10 can't use it is shown in test/integration/hosts.test.ts. */
function registerOlderApi(): void {
  globals[GLOBAL_API] = { version: '1.9.0', trace: new TracerProvider() }
}

afterEach(() => {
  trace.disable()
  delete globals[GLOBAL_API]
})

test('there is no mismatch without an SDK', () => {
  expect(apiMismatch()).toBeUndefined()
})

test('there is no mismatch when the tracer of the host is visible', () => {
  trace.setGlobalTracerProvider(new TracerProvider())
  expect(apiMismatch()).toBeUndefined()
})

test('a tracer registered by an older API is a mismatch, named with its version and what to do', () => {
  registerOlderApi()
  expect(apiMismatch()).toMatch(/@opentelemetry\/api 1\.9\.0.*npm ls @opentelemetry\/api/)
})

test('it is told once in a process, by whichever function comes first, and all go on with tracking IDs', async () => {
  registerOlderApi()
  const warnings: string[] = []
  const warn = (message: string): void => void warnings.push(message)
  const functions = [1, 2, 3].map(() => tracePrediction(() => 'ham', { ...FILTERED, warn }))
  const ids: string[] = []
  for (const tracked of [...functions, ...functions]) ids.push((await tracked()).trackingId)
  expect(new Set(ids).size).toBe(6)
  expect(warnings).toEqual([apiMismatch()])
})

test('a mismatch that comes up later, when the SDK is started after the first prediction, is told as well', async () => {
  const warnings: string[] = []
  const tracked = tracePrediction(() => 'ham', { ...FILTERED, warn: (message) => void warnings.push(message) })
  await tracked()
  registerOlderApi()
  await tracked()
  expect(warnings).toHaveLength(1)
})

test('who is told may throw', async () => {
  registerOlderApi()
  const tracked = tracePrediction(() => 'ham', {
    ...FILTERED,
    warn() {
      throw new Error('not yours')
    },
  })
  expect((await tracked()).value).toBe('ham')
})

test('the warning reaches the warnings of the process by default', async () => {
  registerOlderApi()
  // Node's own listener would print it amid the results.
  const printers = process.listeners('warning')
  process.removeAllListeners('warning')
  const warned = new Promise<Error & { code?: string }>((resolve) => process.once('warning', resolve))
  await tracePrediction(() => 'ham', FILTERED)()
  expect(await warned).toMatchObject({ name: 'GroundtraceWarning', code: 'GROUNDTRACE_API_MISMATCH' })
  for (const printer of printers) process.on('warning', printer)
})
