import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { feedbackId, formatTrackingId, type TrackingId } from '@groundtrace/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reading } from '../services/register-file.ts'
import { runServe, startServe, type ServeProcess } from '../services/serve-process.ts'
import { until } from '../services/until.ts'

const TOKEN = 'a-token-of-the-test-0123456789'
const TASKS = [{ name: 'spam', kind: 'binary', classes: ['ham', 'spam'], horizonSeconds: 3600 }]
const work = mkdtempSync(join(tmpdir(), 'groundtrace-serve-'))
const tasksFile = join(work, 'tasks.json')

beforeAll(() => writeFileSync(tasksFile, JSON.stringify(TASKS)))
afterAll(() => rmSync(work, { recursive: true, force: true }))

const idOf = (number: number): TrackingId =>
  formatTrackingId({ traceId: 'f'.repeat(32), spanId: number.toString(16).padStart(16, '0') })

/** One prediction in OTLP's JSON. */
function logsOf(id: string, time = Date.now()): string {
  const attributes = Object.entries({
    'groundtrace.tracking_id': id,
    'groundtrace.task.name': 'spam',
    'groundtrace.task.kind': 'binary',
    'groundtrace.model.name': 'filter',
    'groundtrace.model.version': '1',
    'groundtrace.prediction.value': 'spam',
  }).map(([key, stringValue]) => ({ key, value: { stringValue } }))
  const record = { eventName: 'groundtrace.prediction', timeUnixNano: `${time}000000`, attributes }
  return JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] })
}

const JSON_TYPE = { 'content-type': 'application/json' }
const post = async (url: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  await fetch(url, { method: 'POST', headers: { ...JSON_TYPE, ...headers }, body })

describe('a server that runs', () => {
  const file = join(work, 'running.db')
  const authorization = `Bearer ${TOKEN}`
  let serving: ServeProcess
  beforeAll(async () => {
    serving = await startServe(['--register', file, '--tasks', tasksFile, '--horizons', '1'], {
      GROUNDTRACE_TOKENS: TOKEN,
    })
  })
  afterAll(() => serving.kill('SIGKILL'))

  test('takes predictions and feedback from who has a token, and closes horizons', async () => {
    const twoHoursAgo = Date.now() - 2 * 3600 * 1000
    expect((await post(`${serving.url}/v1/logs`, logsOf(idOf(1)))).status).toBe(401)
    expect((await post(`${serving.url}/v1/logs`, logsOf(idOf(1), twoHoursAgo), { authorization })).status).toBe(200)
    const wrong = { kind: 'rating', right: false, source: 'recipient', target: { prediction: idOf(1) } }
    const answer = await post(`${serving.url}/v1/feedback`, JSON.stringify({ ...wrong, time: twoHoursAgo + 1 }), {
      authorization,
      'idempotency-key': 'click-1',
    })
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { id: feedbackId('recipient', 'click-1'), status: 'stored' },
    ])
    const phases = await until(async () => {
      const outcomes = await reading(file, (register) => register.outcomesOf(idOf(1)))
      return outcomes.length > 1 ? outcomes.map(({ phase, label }) => [phase, label]) : undefined
    }, 'the horizon is closed')
    expect(phases).toEqual([
      ['early', 'ham'],
      ['horizon', 'ham'],
    ])
  })

  test('says how it is going, without a token', async () => {
    const page = await fetch(`${serving.url}/metrics`)
    expect(page.headers.get('content-type')).toMatch(/^text\/plain/)
    const text = await page.text()
    expect(text).toMatch(/^groundtrace_register_up 1$/m)
    expect(text).toMatch(/^groundtrace_receiver_requests_total\{code="401"\} 1$/m)
    for (const path of ['/healthz', '/readyz']) expect((await fetch(serving.url + path)).status).toBe(200)
  })

  test('answers with problem details what it does not serve', async () => {
    const nowhere = await fetch(`${serving.url}/v2/logs`)
    expect([nowhere.status, nowhere.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
    expect(await nowhere.json()).toMatchObject({ type: 'about:blank', title: 'Not Found', status: 404 })
    const wrong = await fetch(`${serving.url}/metrics`, { method: 'POST' })
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })

  test('takes hostile bodies and goes on, and tells the log little', async () => {
    const logs = `${serving.url}/v1/logs`
    const bodies = ['{', '['.repeat(3_000_000), JSON.stringify({ resourceLogs: 1 }), '\0'.repeat(1000)]
    for (const body of [...bodies, ...bodies])
      expect((await post(logs, body, { authorization })).status).toBeLessThan(500)
    const bad = JSON.stringify({
      resourceLogs: [{ scopeLogs: [{ logRecords: [5, null, { eventName: 'groundtrace.feedback' }] }] }],
    })
    for (let time = 0; time < 20; time += 1) expect((await post(logs, bad, { authorization })).status).toBe(200)
    expect((await fetch(`${serving.url}/readyz`)).status).toBe(200)
    expect(serving.stderr().trim().split('\n')).toEqual([
      'invalid-event: 3 lines rejected. The event has no time. Send when it happened as time_unix_nano.',
    ])
    expect(await (await fetch(`${serving.url}/metrics`)).text()).toMatch(
      /groundtrace_lines_lost_total\{reason="invalid-event"\} 60/,
    )
  })
})

describe('what was acknowledged', () => {
  test('is there after SIGKILL, once, however often and from wherever it was sent', async () => {
    const file = join(work, 'killed.db')
    const acknowledged = new Set<number>()
    let next = 1

    /** Sends predictions one after the other, each until it is acknowledged, until the server is gone. */
    async function send(url: string): Promise<void> {
      for (;;) {
        const number = next++
        for (let time = 0; time < 2; time += 1) {
          const answer = await post(`${url}/v1/logs`, logsOf(idOf(number), 1_700_000_000_000)).catch(() => undefined)
          if (answer === undefined) return
          if (answer.status === 200) acknowledged.add(number)
        }
      }
    }

    for (let round = 0; round < 4; round += 1) {
      const serving = await startServe(['--register', file, '--tasks', tasksFile])
      const before = acknowledged.size
      const senders = Array.from({ length: 8 }, () => send(serving.url))
      await until(
        async () => (acknowledged.size > before + 25 * (round + 1) ? true : undefined),
        'some are acknowledged',
      )
      await serving.kill('SIGKILL')
      await Promise.all(senders)
    }
    await reading(file, async (register) => {
      const missing: number[] = []
      for (const number of acknowledged)
        if ((await register.prediction(idOf(number))) === undefined) missing.push(number)
      expect(missing).toEqual([])
      const { predictions, loss } = await register.totals()
      expect(predictions).toBeGreaterThanOrEqual(acknowledged.size)
      expect(predictions).toBeLessThan(next)
      expect(loss).toEqual({})
    })
    expect(acknowledged.size).toBeGreaterThan(200)
  })
})

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  test('lets what is on its way arrive, takes no more, and ends with 0', async () => {
    const file = join(work, `${signal}.db`)
    const serving = await startServe(['--register', file, '--tasks', tasksFile])
    const { hostname, port } = new URL(serving.url)
    const body = logsOf(idOf(7))
    const idle = connect(Number(port), hostname)
    const busy = connect(Number(port), hostname)
    let answer = ''
    busy.on('data', (chunk: Buffer) => (answer += chunk.toString()))
    busy.write(
      `POST /v1/logs HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`,
    )
    busy.write(body.slice(0, 20))
    // Both are known to the server once a third is answered.
    await fetch(`${serving.url}/healthz`)
    const code = serving.kill(signal)
    await until(
      async () => ((await fetch(`${serving.url}/readyz`).catch(() => undefined)) === undefined ? true : undefined),
      'no more is taken',
    )
    busy.write(body.slice(20))
    expect(await code).toBe(0)
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
    expect(serving.stderr()).toBe('')
    expect(await reading(file, (register) => register.prediction(idOf(7)))).toMatchObject({ value: 'spam' })
    idle.destroy()
    busy.destroy()
  })
})

describe('a command line that makes no sense', () => {
  const register = ['--register', join(work, 'never.db')]

  test.each<[string, number, readonly string[], RegExp]>([
    [
      'a port that is none',
      2,
      [...register, '--port', '70000'],
      /--port "70000" is not a whole number from 0 to 65535/,
    ],
    [
      'an address that others reach, without tokens',
      2,
      [...register, '--host', '0.0.0.0'],
      /could write to the register.*--open/s,
    ],
    ['a durability that is none', 2, [...register, '--durability', 'some'], /neither process nor power/],
    ['an option that nobody knows', 2, [...register, '--prot', '1'], /unknown option/],
    ['tasks that are not there', 1, [...register, '--tasks', join(work, 'none.json')], /is not there\. Check --tasks/],
    ['tokens that are not there', 1, [...register, '--tokens', join(work, 'none')], /is not there\. Check --tokens/],
    ['a register in no folder', 1, ['--register', join(work, 'none/r.db'), '--port', '0'], /\S/],
  ])('%s: exit %i', async (_, code, arguments_, message) => {
    const ended = await runServe(arguments_)
    expect(ended.stderr).toMatch(message)
    expect(ended.stderr).not.toMatch(/^\s+at /m)
    expect([ended.code, ended.stdout]).toEqual([code, ''])
  })

  test('a port that is taken: exit 1', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const ended = await runServe([...register, '--port', String(port)])
    other.close()
    expect([ended.code, ended.stderr]).toEqual([
      1,
      expect.stringMatching(/EADDRINUSE\)\. Name another port with --port/) as string,
    ])
  })
})
