import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { predictionEvent, type Ledger } from '@groundtrace/core'
import { openPostgresRegister } from '@groundtrace/register/postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PRICE, TASKS, wholeLedger } from '../../packages/register/src/testing/fixtures.ts'
import { seeded } from '../../packages/register/src/testing/random-world.ts'
import { contendedResult } from '../../packages/register/test/postgres/contended-result.ts'
import { batchesOf, contendedWorld, type Batch } from '../../packages/register/test/postgres/contended-world.ts'
import { LedgerTail } from '../../packages/register/test/postgres/ledger-tail.ts'
import { sql } from '../../packages/register/test/postgres/sql.ts'
import { seriesOf, type PageSeries } from '../services/metrics-text.ts'
import { otlpLogs } from '../services/otlp-logs.ts'
import { hasPostgres, startPostgres, type Postgres } from '../services/postgres.ts'
import { startServe, type ServeProcess } from '../services/serve-process.ts'

const SEED = 11
const SENDERS = 8
const LEDGERS = ['predictions', 'feedback', 'outcomes'] as const
const world = contendedWorld(SEED)

/** Posts one batch. @returns false when it was not acknowledged: nobody is there, or it was put off */
async function isAcknowledged(url: string, batch: Batch): Promise<boolean> {
  const [path, body] =
    'predictions' in batch
      ? ['/v1/logs', otlpLogs(batch.predictions.map(predictionEvent))]
      : ['/v1/feedback', JSON.stringify(batch.feedback)]
  const answer = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  }).catch(() => undefined)
  // A server that is killed may have sent the head of an answer only.
  const text = await answer?.text().catch(() => undefined)
  if (text === undefined || answer?.status === 429 || answer?.status === 503) return false
  expect([path, answer?.status, text]).toEqual([path, 200, expect.not.stringMatching(/reject|conflict/)])
  return true
}

/** Sends until somebody acknowledges; whoever does not is asked again last. */
async function deliver(urls: readonly string[], batch: Batch): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    if (await isAcknowledged(urls[attempt % urls.length] ?? '', batch)) return
  }
  throw new Error('Nobody takes it')
}

async function pageOf(url: string): Promise<readonly PageSeries[]> {
  return seriesOf(await (await fetch(`${url}/metrics`)).text())
}

/** What a process counts by itself, and what counts lines that were sent again. */
const OF_THE_RUN = /^groundtrace_(receiver_.+|register_up|scrape_errors_total|feedback_refused_total)$/
/** What is told apart by what was known when a horizon was closed, whoever closed it and whenever. */
const AT_THE_HORIZON = /^groundtrace_(outcomes|verdicts|confusion|revised)_total$/

/** The matrix as it is now: what closed, and what changed its mind since. So the README of the exporter says. */
function matrixNow(page: readonly PageSeries[]): ReadonlyMap<string, number> {
  const matrix = new Map<string, number>()
  const add = ({ task, predicted }: PageSeries['labels'], truth: string | undefined, value: number): void => {
    const key = `${task} ${predicted} ${truth}`
    if (truth?.startsWith('(') === false) matrix.set(key, (matrix.get(key) ?? 0) + value)
  }
  for (const { name, labels, value } of page) {
    if (name === 'groundtrace_confusion_total') add(labels, labels['truth'], value)
    // Of a task without classes it is only known who was right.
    if (name === 'groundtrace_verdicts_total' && labels['task'] === PRICE.name) {
      add({ ...labels, predicted: 'other' }, labels['verdict'], value)
    }
    if (name !== 'groundtrace_revised_total') continue
    add(labels, labels['new'], value)
    add(labels, labels['old'], -value)
  }
  return new Map([...matrix].filter(([, value]) => value !== 0))
}

/** What a page of metrics must say in the end, whatever came in which order and however often. */
function figuresOf(page: readonly PageSeries[]) {
  const lasting = page
    .filter(({ name, value }) => value !== 0 && !OF_THE_RUN.test(name) && !AT_THE_HORIZON.test(name))
    // A sum of fractions depends on their order in its last digits.
    .map((series) => JSON.stringify({ ...series, value: series.value.toPrecision(12) }))
  const closed = page.filter(({ name }) => name === 'groundtrace_outcomes_total')
  return {
    lasting: lasting.toSorted(),
    closed: closed.reduce((sum, { value }) => sum + value, 0),
    matrix: matrixNow(page),
  }
}

describe.skipIf(!hasPostgres && process.env['CI'] !== 'true')('two servers over one PostgreSQL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'groundtrace-replicas-'))
  const tasks = join(folder, 'tasks.json')
  const running: ServeProcess[] = []
  let postgres: Postgres

  beforeAll(async () => {
    writeFileSync(tasks, JSON.stringify(TASKS))
    postgres = await startPostgres()
    await sql(postgres.url, 'CREATE DATABASE quiet', 'CREATE DATABASE busy')
  })
  afterAll(async () => {
    await Promise.all(running.map((serve) => serve.kill('SIGKILL')))
    await postgres?.stop()
    rmSync(folder, { recursive: true })
  })

  const urlOf = (database: string): string => postgres.url.replace(/\/postgres$/, `/${database}`)

  async function start(database: string, ...flags: readonly string[]): Promise<ServeProcess> {
    const serve = await startServe(['--tasks', tasks, ...flags], { GROUNDTRACE_REGISTER: urlOf(database) })
    running.push(serve)
    return serve
  }

  /** What one server holds and shows that got everything once, from one sender, before any horizon was closed. */
  async function quietRun() {
    const serve = await start('quiet', '--horizons', '0')
    const { predictions, feedback } = world
    expect(await isAcknowledged(serve.url, { predictions })).toBe(true)
    expect(await isAcknowledged(serve.url, { feedback })).toBe(true)
    const register = await openPostgresRegister({ url: urlOf('quiet') })
    const result = await contendedResult(register, world)
    const figures = figuresOf(await pageOf(serve.url))
    await register.close()
    expect(await serve.kill('SIGTERM')).toBe(0)
    return { result, figures }
  }

  test('leave what one quiet server leaves, although eight senders send everything twice and one server is killed', async () => {
    const quiet = await quietRun()

    const servers = await Promise.all([start('busy', '--horizons', '1'), start('busy', '--horizons', '1')])
    const urls = servers.map(({ url }) => url)
    const register = await openPostgresRegister({ url: urlOf('busy') })
    const tails = LEDGERS.map((ledger) => new LedgerTail(register, ledger))
    const done = new AbortController()
    const reading = Promise.all([
      ...tails.map(async (tail) => {
        while (!done.signal.aborted) await tail.read()
      }),
      // Both count what is new whenever they are asked for their metrics.
      ...urls.map(async (url) => {
        while (!done.signal.aborted && (await pageOf(url).catch(() => undefined)) !== undefined);
      }),
    ])

    const plans = Array.from({ length: SENDERS }, (_, sender) => {
      const random = seeded(sender + 1)
      // Once to the one and once to the other, in another order and in other parcels; who is gone is left out.
      const [here = '', there = ''] = sender % 2 === 0 ? urls : urls.toReversed()
      const first = batchesOf(world, random).map((batch) => ({ batch, urls: [here, there] }))
      const second = batchesOf(world, random).map((batch) => ({ batch, urls: [there, here] }))
      return [...first, ...second]
    })
    const requests = plans.flat().length
    const halfWay = Promise.withResolvers<void>()
    let acknowledged = 0
    const sending = Promise.all(
      plans.map(async (plan) => {
        for (const { batch, urls } of plan) {
          await deliver(urls, batch)
          acknowledged += 1
          if (acknowledged >= requests / 2) halfWay.resolve()
        }
      }),
    )
    await halfWay.promise
    await servers[1].kill('SIGKILL')
    await sending
    done.abort()
    await reading

    expect(await contendedResult(register, world)).toEqual(quiet.result)
    expect(figuresOf(await pageOf(servers[0].url))).toEqual(quiet.figures)
    expect(quiet.figures.closed).toBe(world.predictions.length)
    for (const [index, ledger] of LEDGERS.entries()) {
      const tail = tails[index] as LedgerTail<Ledger>
      while ((await tail.read()) > 0);
      // Each line once, in the very order in which anybody reads them afterwards.
      expect(tail.lines).toEqual(await wholeLedger(register, ledger, 1000))
    }
    await register.close()
    // It says once that this PostgreSQL is set up for speed, and nothing else.
    expect(servers[0].stderr()).toMatch(/^.*synchronous_commit.*\n$/)
    expect(await servers[0].kill('SIGTERM')).toBe(0)
  }, 180_000)
})
