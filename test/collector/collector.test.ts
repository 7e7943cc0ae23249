import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { defineTask, formatTrackingId, GroundtraceError, type Register } from '@groundtrace/core'
import { openSqliteRegister } from '@groundtrace/register'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { collectorBinary } from '../services/collector-binary.ts'
import { startCollector, type Collector } from '../services/collector.ts'
import { freePort } from '../services/free-port.ts'
import { seriesOf } from '../services/metrics-text.ts'
import { startReceiver, type RunningReceiver } from '../services/receiver.ts'
import { reading } from '../services/register-file.ts'
import { startServe, type ServeProcess } from '../services/serve-process.ts'
import { until } from '../services/until.ts'

const TOKEN = 'a-token-of-the-test-0123456789'
const PART = 1500
const RETRY_AFTER_SECONDS = 2
const spam = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'] })
const work = mkdtempSync(join(tmpdir(), 'groundtrace-collector-'))

/** What the page says of a Collector in between. */
const CONFIGURATION =
  /^```yaml\n(receivers:[\s\S]*?)^```/m.exec(
    readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8'),
  )?.[1] ?? ''

/** The same with less patience, and on ports and in folders of this test. */
async function collectorTo(endpoint: string, port: number, folder: string, senders = 10): Promise<Collector> {
  const queue = 'exporters.otlp_http.sending_queue'
  const settings = {
    'receivers.otlp.protocols.http.endpoint': `127.0.0.1:${port}`,
    'extensions.file_storage.directory': folder,
    'extensions.file_storage.create_directory': 'true',
    'exporters.otlp_http.endpoint': endpoint,
    'exporters.otlp_http.retry_on_failure.initial_interval': '100ms',
    'exporters.otlp_http.retry_on_failure.max_interval': '500ms',
    [`${queue}.num_consumers`]: String(senders),
    [`${queue}.batch.flush_timeout`]: '100ms',
    [`${queue}.batch.min_size`]: '1000',
    [`${queue}.batch.max_size`]: '20000',
    'service.telemetry.metrics.level': 'none',
  }
  return await startCollector(CONFIGURATION, settings, { GROUNDTRACE_TOKEN: TOKEN })
}

/** A service on a stock SDK that exports to the Collector. */
function startService(port: number) {
  const program = join(import.meta.dirname, '../../hosts/sdk-3/many-predictions.ts')
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, String(PART)], {
    env: { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `http://127.0.0.1:${port}/v1/logs` },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  return {
    /** Makes predictions. @returns how many it made so far, when the Collector has them */
    async predict(): Promise<number> {
      child.stdin.write('\n')
      return Number((await lines.next()).value)
    },
    async end(): Promise<unknown> {
      const exited = once(child, 'exit')
      child.stdin.end()
      return (await exited)[0]
    },
  }
}

beforeAll(async () => void (await collectorBinary()))
afterAll(() => rmSync(work, { recursive: true, force: true }))

describe('a stock OpenTelemetry Collector, configured as the page says', () => {
  test('loses and doubles nothing, although the server and then the Collector itself is killed', async () => {
    const file = join(work, 'register.db')
    const serving = await freePort()
    const startServer = async (): Promise<ServeProcess> =>
      await startServe(['--register', file, '--port', String(serving)], { GROUNDTRACE_TOKENS: TOKEN })
    const registered = async (): Promise<number> =>
      await reading(file, async (register) => (await register.totals()).predictions)

    const port = await freePort()
    const endpoint = `http://127.0.0.1:${serving}`
    const folder = join(work, 'queue')
    let server = await startServer()
    let collector = await collectorTo(endpoint, port, folder)
    const service = startService(port)

    const first = service.predict()
    await until(async () => ((await registered()) > 0 ? true : undefined), 'some are registered')
    await server.kill('SIGKILL')
    expect([await first, await service.predict(), await service.end()]).toEqual([PART, 2 * PART, 0])
    expect(await registered()).toBeLessThan(2 * PART)
    await collector.kill('SIGKILL')

    collector = await collectorTo(endpoint, port, folder)
    server = await startServer()
    await until(async () => ((await registered()) >= 2 * PART ? true : undefined), 'all are registered', 60)
    // What is still in the queue is sent before it ends.
    expect(await collector.kill('SIGTERM')).toBe(0)
    const page = seriesOf(await (await fetch(`${server.url}/metrics`)).text())
    const counted = page.filter(({ name }) => name === 'groundtrace_predictions_total')
    expect(counted.reduce((sum, { value }) => sum + value, 0)).toBe(2 * PART)
    expect(await server.kill('SIGTERM')).toBe(0)
    await reading(file, async (register) => {
      expect(await register.totals()).toMatchObject({ predictions: 2 * PART, loss: {} })
      for (let number = 1; number <= 2 * PART; number += 1) {
        const id = formatTrackingId({ traceId: 'f'.repeat(32), spanId: number.toString(16).padStart(16, '0') })
        const prediction = await register.prediction(id)
        expect([number, prediction?.time, prediction?.features]).toEqual([
          number,
          1_700_000_000_000 + number,
          { number },
        ])
      }
    })
  })

  describe.each([429, 503])('that is answered %i', (status) => {
    let receiver: RunningReceiver
    let own: Register
    let collector: Collector
    let port = 0
    const holding: Socket[] = []

    /** A register that fails once. */
    function failing(): Register {
      let failed = false
      return {
        ...own,
        async appendPredictions(predictions) {
          if (failed) return await own.appendPredictions(predictions)
          failed = true
          throw new GroundtraceError('register-unavailable', 'The store is away', 'Call again')
        },
      }
    }

    beforeAll(async () => {
      own = openSqliteRegister({ path: ':memory:', tasks: [spam] })
      receiver = await startReceiver([spam], {
        tokens: [TOKEN],
        retryAfterSeconds: RETRY_AFTER_SECONDS,
        ...(status === 503
          ? { register: failing() }
          : { register: own, maxBodyBytes: 50_000, maxBytesInFlight: 100_000 }),
      })
      port = await freePort()
      // Each sender waits for itself, so one shows what all do.
      collector = await collectorTo(receiver.logs.replace('/v1/logs', ''), port, join(work, String(status)), 1)
    })
    afterAll(async () => {
      for (const socket of holding) socket.destroy()
      await collector?.kill('SIGKILL')
      await receiver?.close()
      await own?.close()
    })

    /** Two requests that never end take all the memory that there is. */
    async function fill(): Promise<void> {
      const { port: to } = new URL(receiver.logs)
      for (const _ of ['one', 'another']) {
        const socket = connect(Number(to), '127.0.0.1')
        const head = `POST /v1/logs HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TOKEN}\r\ncontent-type: application/json\r\ncontent-length: 50000\r\n\r\n`
        socket.write(head + ' '.repeat(49_990))
        holding.push(socket)
      }
      await until(
        async () => (receiver.receiver.counts().bytesInFlight === 99_980 ? true : undefined),
        'there is no memory left',
      )
    }

    test('comes again after the time that Retry-After says, and then all is there', async () => {
      if (status === 429) await fill()
      const service = startService(port)
      expect([await service.predict(), await service.end()]).toEqual([PART, 0])
      const refused = await until(
        async () => receiver.requests.find((request) => request.status === status),
        `it is answered ${status}`,
      )
      for (const socket of holding) socket.destroy()
      await until(async () => ((await own.totals()).predictions === PART ? true : undefined), 'all are registered')
      const [again] = receiver.requests
        .filter(({ came }) => came > refused.answered)
        .toSorted((a, b) => a.came - b.came)
      expect([again?.status, again?.contentEncoding]).toEqual([200, 'gzip'])
      expect((again?.came ?? 0) - refused.answered).toBeGreaterThanOrEqual(RETRY_AFTER_SECONDS * 1000)
      expect((await own.totals()).loss).toEqual({})
    })
  })
})
