import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openPostgresRegister } from '../../src/postgres.ts'
import { DAY, id, prediction, TASKS } from '../../src/testing/fixtures.ts'
import { startPostgres, type Postgres } from '../../../../test/services/postgres.ts'
import { hasPostgres } from './has-postgres.ts'
import { sql } from './sql.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let server: Postgres

const months = async (): Promise<readonly string[]> =>
  (
    await sql<{ readonly name: string }>(
      server.url,
      `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
       WHERE i.inhparent = 'months.prediction_payloads'::regclass ORDER BY 1`,
    )
  ).map(({ name }) => name.slice('prediction_payloads_'.length))

describe.skipIf(!hasPostgres)('pruning a register in PostgreSQL', () => {
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  it('drops the partitions of months that are over and hold nothing any more', async () => {
    let now = Date.UTC(2026, 0, 10)
    const register = await openPostgresRegister({ url: server.url, schema: 'months', tasks: TASKS, now: () => now })
    const append = async (number: number): Promise<void> =>
      void (await register.appendPredictions([prediction(number, { time: now, features: { a: number } })]))
    await append(1)
    now = Date.UTC(2026, 2, 10)
    await append(2)
    now = Date.UTC(2026, 3, 10)
    await append(3)
    expect(await months()).toEqual(['2026_01', '2026_02', '2026_03', '2026_04', '2026_05'])
    await register.closeHorizons({ now: now + DAY })
    // February never held anything; March still does.
    expect(await register.prune({ before: Date.UTC(2026, 1, 1) })).toBe(1)
    expect(await months()).toEqual(['2026_03', '2026_04', '2026_05'])
    expect((await register.prediction(id(2)))?.features).toEqual({ a: 2 })
    // This month's and the next one's stay, also when nothing is in them.
    expect(await register.prune({ before: now + DAY })).toBe(2)
    expect(await months()).toEqual(['2026_04', '2026_05'])
    await append(4)
    expect((await register.prediction(id(4)))?.features).toBeUndefined()
    now += 2 * DAY
    await append(5)
    expect((await register.prediction(id(5)))?.features).toEqual({ a: 5 })
    await register.close()
  })

  it('waits for nobody who reads: the partition goes the next time', async () => {
    let now = Date.UTC(2026, 0, 10)
    const register = await openPostgresRegister({ url: server.url, schema: 'months', tasks: TASKS, now: () => now })
    now = Date.UTC(2026, 6, 10)
    await register.appendPredictions([prediction(6, { time: now, features: { a: 6 } })])
    const reader = new Client({ connectionString: server.url })
    await reader.connect()
    await reader.query('BEGIN; SELECT count(*) FROM months.prediction_payloads_2026_05')
    await register.prune({ before: now - DAY })
    expect(await months()).toContain('2026_05')
    await reader.query('COMMIT')
    await reader.end()
    await register.prune({ before: now - DAY })
    expect(await months()).not.toContain('2026_05')
    await register.close()
  })
})
