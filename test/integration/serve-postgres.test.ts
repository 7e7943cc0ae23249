import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineTask, formatTrackingId, predictionEvent, type Prediction } from '@groundtrace/core'
import { openPostgresRegister } from '@groundtrace/register/postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { otlpLogs } from '../services/otlp-logs.ts'
import { hasPostgres, startPostgres, type Postgres } from '../services/postgres.ts'
import { runServe, startServe, type ServeProcess } from '../services/serve-process.ts'
import { until } from '../services/until.ts'

const task = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'], horizonSeconds: 3600 })

const predictionOf = (number: number): Prediction => ({
  id: formatTrackingId({ traceId: 'f'.repeat(32), spanId: number.toString(16).padStart(16, '0') }),
  task,
  model: { name: 'filter', version: '1' },
  time: 1_700_000_000_000 + number,
  value: 'spam',
})

const send = async ({ url }: ServeProcess, number: number): Promise<Response> =>
  await fetch(`${url}/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: otlpLogs([predictionEvent(predictionOf(number))]),
  })

const statusOf = async ({ url }: ServeProcess, path: string): Promise<number> => (await fetch(`${url}${path}`)).status

/** The page of metrics without what each process counts by itself. */
async function registerFigures({ url }: ServeProcess): Promise<string> {
  const page = await (await fetch(`${url}/metrics`)).text()
  return page.replaceAll(/^groundtrace_(receiver_|register_up|scrape_errors).*\n/gm, '')
}

describe.skipIf(!hasPostgres && process.env['CI'] !== 'true')('a server over PostgreSQL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'groundtrace-serve-postgres-'))
  const tasks = join(folder, 'tasks.json')
  const running: ServeProcess[] = []
  let postgres: Postgres
  /** The server trusts everybody, so the password is only there to be kept secret. */
  let url: string

  beforeAll(async () => {
    writeFileSync(tasks, JSON.stringify([task]))
    postgres = await startPostgres()
    url = postgres.url.replace('postgres@', 'postgres:geheim@')
  })
  afterAll(async () => {
    await Promise.all(running.map((serve) => serve.kill('SIGKILL')))
    await postgres?.stop()
    rmSync(folder, { recursive: true })
  })

  async function start(): Promise<ServeProcess> {
    const serve = await startServe(['--tasks', tasks, '--horizons', '1'], { GROUNDTRACE_REGISTER: url })
    running.push(serve)
    return serve
  }

  test('shows what another one took, closes its horizons, and never shows the password', async () => {
    const [here, there] = await Promise.all([start(), start()])
    expect(here.register).toBe(`postgres://postgres@127.0.0.1:${postgres.port}/postgres`)
    expect((await send(here, 1)).status).toBe(200)
    const closed = await until(async () => {
      const figures = await registerFigures(there)
      return figures.includes('state="expired"') ? figures : undefined
    }, 'the horizon is closed')
    expect(closed).toMatch(/^groundtrace_predictions_total\{.*\} 1$/m)
    expect(await registerFigures(here)).toBe(closed)
    for (const serve of [here, there]) {
      expect(await serve.kill('SIGTERM')).toBe(0)
      // This one has, because nobody pulls its plug.
      expect(serve.stderr()).toMatch(/^postgres:\S+ may lose what .* fsync or synchronous_commit off\. .*\n$/)
    }
  })

  test('puts off senders while the database is away, and goes on by itself when it is back', async () => {
    const serve = await start()
    expect([(await send(serve, 2)).status, await statusOf(serve, '/readyz')]).toEqual([200, 200])
    await postgres.kill()
    const refused = await send(serve, 3)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
    expect([await statusOf(serve, '/readyz'), await statusOf(serve, '/healthz')]).toEqual([503, 200])
    expect(await registerFigures(serve)).not.toContain('groundtrace_predictions_total{')
    await postgres.restart()
    // What was acknowledged is there, and sent again it is still one.
    for (const number of [2, 3]) expect((await send(serve, number)).status).toBe(200)
    expect(await statusOf(serve, '/readyz')).toBe(200)
    const register = await openPostgresRegister({ url, readOnly: true })
    expect((await register.totals()).predictions).toBe(3)
    await register.close()
    expect(serve.stderr()).toMatch(/ECONNREFUSED/)
    expect(serve.stderr()).not.toContain('geheim')
  })

  test('ends when it is asked to, also while the database is away; without one it does not start', async () => {
    const serve = await start()
    await postgres.kill()
    expect(await serve.kill('SIGTERM')).toBe(0)
    const ended = await runServe(['--port', '0'], { GROUNDTRACE_REGISTER: url })
    expect([ended.code, ended.stdout, ended.stderr]).toEqual([
      1,
      '',
      expect.stringMatching(/ECONNREFUSED.*Check host and port.*call again\.\n$/) as string,
    ])
    expect(ended.stderr).not.toContain('geheim')
    await postgres.restart()
  })
})
