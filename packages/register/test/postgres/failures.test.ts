import { defineTask, type Feedback, type Prediction } from '@groundtrace/core'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openPostgresRegister } from '../../src/postgres.ts'
import {
  DAY,
  dataSetMade,
  feedback,
  id,
  prediction,
  rated,
  REPLY,
  SPAM,
  START,
  statuses,
  TASKS,
  versionTrained,
  wholeLedger,
} from '../../src/testing/fixtures.ts'
import { startPostgres, type Postgres } from '../../../../test/services/postgres.ts'
import { hasPostgres } from './has-postgres.ts'
import { sql } from './sql.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const numbers = (from: number, count: number): readonly number[] => Array.from({ length: count }, (_, n) => from + n)

describe.skipIf(!hasPostgres)('a register in PostgreSQL', () => {
  let server: Postgres
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  const open = (schema: string, more: object = {}) =>
    openPostgresRegister({ url: server.url, schema, tasks: TASKS, ...more })

  it('has what many lines ask planned for them, and not as it was for the first few of an empty table', async () => {
    const register = await open('plans')
    const query = vi.spyOn(Client.prototype, 'query')
    await register.appendPredictions(numbers(1, 60).map((number) => prediction(number)))
    await register.appendFeedback(numbers(101, 60).map((number) => rated(number, number - 100, true)))
    await register.appendFeedback([rated(301, 1, true)])
    const asked = query.mock.calls.map(([config]) => {
      const { name, values = [] } = config as unknown as { name?: string; values?: readonly unknown[] }
      return { name, most: Math.max(0, ...values.map((value) => (Array.isArray(value) ? value.length : 0))) }
    })
    query.mockRestore()
    expect(new Set(asked.filter(({ most }) => most > 50).map(({ name }) => name))).toEqual(new Set([undefined]))
    expect(asked.filter(({ name, most }) => name !== undefined && most > 0).length).toBeGreaterThan(2)
    await register.close()
  })

  it('makes hundreds of versions that one call brings in as many round trips as one', async () => {
    const register = await open('versions')
    const asked: number[] = []
    for (const [from, count] of [
      [1, 1],
      [2, 300],
    ] as const) {
      const query = vi.spyOn(Client.prototype, 'query')
      const lines = numbers(from, count).map((number) =>
        prediction(number, { model: { name: 'filter', version: `v${1000 - number}` } }),
      )
      expect(new Set(statuses(await register.appendPredictions(lines)))).toEqual(new Set(['stored']))
      asked.push(query.mock.calls.length)
      query.mockRestore()
    }
    const [forOne = 0, forMany] = asked
    expect(forMany).toBeLessThanOrEqual(forOne + 2)
    // In the order in which they were first seen.
    expect((await register.versions()).map(({ version }) => version)).toEqual(
      numbers(1, 301).map((number) => `v${1000 - number}`),
    )
    await register.close()
  })

  it('closes what is due behind predictions that were taken out of the tables by hand', async () => {
    const register = await open('by_hand')
    await register.appendPredictions(numbers(1, 1300).map((number) => prediction(number)))
    // More than one step, and half of the next.
    await sql(server.url, 'DELETE FROM by_hand.predictions WHERE position <= 700')
    const now = prediction(1300).time + SPAM.horizonSeconds * 1000
    expect(await register.closeHorizons({ now, limit: 500 })).toBe(500)
    expect(await register.closeHorizons({ now })).toBe(100)
    expect((await register.totals()).nextHorizon).toBeUndefined()
    await register.close()
  })

  it('gives back texts that PostgreSQL can not keep as they are: NUL, halves of surrogate pairs, anything', async () => {
    const register = await open('texts')
    const text = `NUL \u0000, half \ud800, other half \udc00, quote ' and ", \\u0000, \u{1F600}`
    const whole: Prediction = prediction(1, {
      features: { text, [`name ${text}`]: [text], huge: [1e308, -1e308, 5e-324, 2 ** 53, 0.1] },
      user: 'user',
    })
    const said: Feedback = feedback(101, 1, { kind: 'harm', report: text, comment: text, user: 'user' })
    const free = feedback(102, 2, { kind: 'correction', label: text })
    const reply = prediction(2, { task: REPLY, value: text })
    for (const status of ['stored', 'duplicate']) {
      expect(statuses(await register.appendPredictions([whole, reply]))).toEqual([status, status])
      expect(statuses(await register.appendFeedback([said, free]))).toEqual([status, status])
    }
    expect(await register.prediction(id(1))).toEqual(whole)
    expect(await register.prediction(id(2))).toEqual(reply)
    expect((await register.feedback(id(101)))?.feedback).toEqual(said)
    expect((await register.outcomesOf(id(2))).at(-1)).toMatchObject({ label: text })
    expect((await wholeLedger(register, 'feedback')).map((line) => line.feedback)).toEqual([said, free])
    await register.close()
  })

  it('cuts a flood of feedback off where the README says, and the verdict still comes', async () => {
    const register = await open('flood')
    await register.appendPredictions([prediction(1), prediction(2)])
    const lines = numbers(10_000, 1200).map((number) => rated(number, 1, number % 2 === 0))
    const accepted = statuses(await register.appendFeedback(lines)).filter((status) => status === 'stored')
    expect(accepted).toHaveLength(1000)
    const receipts = await register.appendFeedback([rated(101, 1, true), rated(102, 2, true)])
    expect(receipts).toMatchObject([{ status: 'rejected', reason: /takes no more\. Look/ }, { status: 'stored' }])
    const waiting = statuses(
      await register.appendFeedback(numbers(20_000, 1100).map((number) => rated(number, 7, true))),
    )
    expect(waiting.filter((status) => status === 'orphaned')).toHaveLength(1000)
    expect(await register.closeHorizons({ now: START + 9 * DAY })).toBe(2)
    expect((await register.outcomesOf(id(1))).at(-1)).toMatchObject({ state: 'contested', phase: 'horizon' })
    await register.appendPredictions([prediction(7)])
    expect((await register.totals()).feedback).toMatchObject({ stored: 2001, orphaned: 0, rejected: 301 })
    await register.close()
  })

  it('drops what has waited for its prediction for too long, payload and all, and counts it', async () => {
    let time = START
    const register = await open('expired', { now: () => time, orphanSeconds: 60 })
    await register.appendFeedback([
      rated(101, 1, true, { user: 'alice', time: START }),
      rated(102, 2, true, { time: START }),
    ])
    time += 60_000
    await register.appendFeedback([rated(103, 3, true, { time: START })])
    await register.closeHorizons({ now: START })
    expect((await register.totals()).feedback.orphaned).toBe(3)
    time += 1
    await register.closeHorizons({ now: START })
    expect(await register.totals()).toMatchObject({ feedback: { orphaned: 1 }, loss: { 'orphan-expired': 2 } })
    expect(await sql(server.url, 'SELECT FROM expired.feedback_payloads')).toEqual([])
    await register.close()
  })

  it.each([
    ['feedback of no kind', `UPDATE damaged.feedback SET line_json = '{"kind":"nonsense"}' WHERE id = '${id(101)}'`],
    ['feedback that is no JSON', `UPDATE damaged.feedback SET line_json = '{' WHERE id = '${id(101)}'`],
    ['a value that is no JSON', `UPDATE damaged.predictions SET value_json = '{' WHERE id = '${id(1)}'`],
  ])('lets a damaged prediction (%s) fail alone', async (_, damage) => {
    const first = await open('damaged')
    await first.appendPredictions([prediction(1), prediction(2)])
    await first.appendFeedback([rated(101, 1, true), rated(102, 2, true)])
    await sql(server.url, damage)
    const receipts = await first.appendFeedback([
      rated(103, 1, false, { user: 'a' }),
      rated(104, 2, false, { user: 'a' }),
    ])
    expect(statuses(receipts)).toEqual(['rejected', 'stored'])
    expect(receipts[0]?.reason).toMatch(/can not be read\. Restore/)
    expect(await first.closeHorizons({ now: START + 9 * DAY })).toBe(2)
    expect((await first.outcomesOf(id(2))).at(-1)).toMatchObject({ phase: 'horizon', state: 'contested' })
    expect(await first.totals()).toMatchObject({
      feedback: { stored: 3, rejected: 1 },
      loss: { 'prediction-unsettled': 1 },
    })
    expect(await sql(server.url, 'SELECT FROM damaged.feedback_payloads')).toHaveLength(1)
    await first.close()
    await sql(server.url, 'DROP SCHEMA damaged CASCADE')
  })

  it('keeps payloads by month, and makes the months it needs', async () => {
    let time = Date.UTC(2026, 0, 31, 23, 59, 59, 999)
    const register = await open('months', { now: () => time })
    await register.appendPredictions([prediction(1, { user: 'u' })])
    time += 1
    await register.appendPredictions([prediction(2, { user: 'u' })])
    time = Date.UTC(2027, 11, 15)
    await register.appendPredictions([prediction(3, { user: 'u' })])
    const months = await sql<{ readonly name: string }>(
      server.url,
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits
       WHERE inhparent = 'months.prediction_payloads'::regclass ORDER BY 1`,
    )
    expect(months.map(({ name }) => name.slice(-7))).toEqual(['2026_01', '2026_02', '2026_03', '2027_12', '2028_01'])
    for (const number of [1, 2, 3]) expect((await register.prediction(id(number)))?.user).toBe('u')
    // What a dropped month held reads like what was erased.
    await sql(server.url, 'DROP TABLE months.prediction_payloads_2026_01')
    expect((await register.prediction(id(1)))?.user).toBeUndefined()
    expect(statuses(await register.appendPredictions([prediction(1, { user: 'u' })]))).toEqual(['duplicate'])
    expect(await register.erase([id(1), id(2)])).toBe(1)
    await register.close()
  })

  it('needs no more than one connection, whatever is asked for', async () => {
    const register = await open('single', { poolSize: 1, connectionTimeoutMs: 1000 })
    await register.appendFeedback([rated(101, 1, true)])
    const appended = await Promise.all([
      register.appendPredictions([prediction(1, { task: defineTask({ name: 'new', kind: 'generation' }), user: 'u' })]),
      register.appendLineage([dataSetMade('d1', [[101, 1]]), versionTrained('v9', 'd1')]),
    ])
    expect(appended.flatMap(statuses)).toEqual(['stored', 'stored', 'stored'])
    expect(await register.advance('all', 'lineage', () => [])).toBe(2)
    expect(await register.closeHorizons({ now: START + 99 * DAY })).toBe(1)
    expect(await register.lineageOf(id(1))).toHaveLength(2)
    expect(await register.erase([id(1)])).toBe(1)
    await register.close()
  })

  it('gives up a call that waits for too long, and stores nothing of it', async () => {
    const register = await open('slow', { statementTimeoutMs: 200 })
    await register.appendPredictions([prediction(1)])
    const other = new Client({ connectionString: server.url })
    await other.connect()
    await other.query('BEGIN')
    await other.query('LOCK TABLE slow.outcomes IN ACCESS EXCLUSIVE MODE')
    await expect(register.appendFeedback([rated(101, 1, true)])).rejects.toMatchObject({
      code: 'register-unavailable',
      message: expect.stringMatching(/statement timeout.*statementTimeoutMs/),
    })
    await other.query('ROLLBACK')
    await other.end()
    expect(await register.feedback(id(101))).toBeUndefined()
    expect(statuses(await register.appendFeedback([rated(101, 1, true)]))).toEqual(['stored'])
    await register.close()
  })

  it('leaves no lock behind when a call is cut off while it gets its positions, whoever calls next', async () => {
    const [cut, other] = await Promise.all([
      open('cut', { statementTimeoutMs: 500 }),
      open('cut', { statementTimeoutMs: 2000 }),
    ])
    await cut.appendPredictions([prediction(1)])
    const inTheWay = new Client({ connectionString: server.url })
    await inTheWay.connect()
    // As a change of the schema does: who gets positions waits, and by then has the lock that keeps them in order.
    await inTheWay.query('BEGIN; ALTER SEQUENCE cut.positions CACHE 1')
    await expect(cut.appendPredictions([prediction(2)])).rejects.toMatchObject({ code: 'register-unavailable' })
    await inTheWay.query('ROLLBACK')
    await inTheWay.end()
    expect(statuses(await other.appendPredictions([prediction(3)]))).toEqual(['stored'])
    expect(statuses(await cut.appendPredictions([prediction(2)]))).toEqual(['stored'])
    await Promise.all([cut.close(), other.close()])
  })

  it('lets go of the locks of a replica that stands still in the middle', async () => {
    const register = await open('stuck', { statementTimeoutMs: 300 })
    await register.appendPredictions([prediction(1)])
    const stuck = new Client({ connectionString: server.url, idle_in_transaction_session_timeout: 300 })
    stuck.on('error', () => undefined)
    await stuck.connect()
    await stuck.query('BEGIN')
    await stuck.query('LOCK TABLE stuck.feedback IN ACCESS EXCLUSIVE MODE')
    await vi.waitFor(
      async () => expect(statuses(await register.appendFeedback([rated(101, 1, true)]))).toEqual(['stored']),
      {
        timeout: 10_000,
      },
    )
    await register.close()
  })
})
