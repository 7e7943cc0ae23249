import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { Client } from 'pg'
import { hash32 } from '../../src/postgres/locks.ts'
import { openPostgresRegister } from '../../src/postgres.ts'
import { id, prediction, TASKS } from '../../src/testing/fixtures.ts'
import { startPostgres, type Postgres } from '../../../../test/services/postgres.ts'
import { hasPostgres } from './has-postgres.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describe.skipIf(!hasPostgres)('a reader while transactions commit out of order', () => {
  let server: Postgres
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  /** A transaction of a replica that has got a position and not written its line yet. */
  async function slow(schema: string, number: number): Promise<{ finish(end: 'COMMIT' | 'ROLLBACK'): Promise<void> }> {
    const client = new Client({ connectionString: server.url })
    await client.connect()
    await client.query('BEGIN')
    const allocated = await client.query(`SELECT ${schema}.allocate($1, 1) AS first`, [hash32(schema)])
    return {
      async finish(end) {
        await client.query(
          `INSERT INTO ${schema}.predictions (tx, position, id, task, version, time, horizon_seconds, value_json, has_payload, recorded)
           SELECT pg_current_xact_id(), $1, $2, task, version, time, horizon_seconds, value_json, false, 0
           FROM ${schema}.predictions WHERE id = $3`,
          [(allocated.rows[0] as { first: string }).first, id(number), id(1)],
        )
        await client.query(end)
        await client.end()
      },
    }
  }

  it('waits for the oldest that runs, and misses no line of it', async () => {
    const register = await openPostgresRegister({ url: server.url, schema: 'late', tasks: TASKS })
    await register.appendPredictions([prediction(1)])
    const start = await register.read('predictions', { after: 0 })
    const first = await slow('late', 2)
    const second = await slow('late', 3)
    await register.appendPredictions([prediction(4)])
    await second.finish('COMMIT')
    // Both are there to be looked up, and not yet to be read along.
    expect((await register.prediction(id(4)))?.id).toBe(id(4))
    expect(await register.read('predictions', { after: start.position })).toEqual({
      lines: [],
      position: start.position,
    })
    expect(await register.advance('count', 'predictions', () => [])).toBe(1)
    await first.finish('COMMIT')
    const after = await register.read('predictions', { after: start.position })
    expect(after.lines.map((line) => line.id)).toEqual([id(2), id(3), id(4)])
    expect(await register.advance('count', 'predictions', () => [])).toBe(3)
    await register.close()
  })

  it('goes on when that one gives up', async () => {
    const register = await openPostgresRegister({ url: server.url, schema: 'given_up', tasks: TASKS })
    await register.appendPredictions([prediction(1)])
    const first = await slow('given_up', 2)
    await register.appendPredictions([prediction(3)])
    expect((await register.read('predictions', { after: 0 })).lines.map((line) => line.id)).toEqual([id(1)])
    await first.finish('ROLLBACK')
    expect((await register.read('predictions', { after: 0 })).lines.map((line) => line.id)).toEqual([id(1), id(3)])
    await register.close()
  })

  it('of a register that was restored into another server does not wait for its old transactions', async () => {
    const options = { url: server.url, schema: 'restored', tasks: TASKS }
    const before = await openPostgresRegister(options)
    await before.appendPredictions([prediction(1), prediction(2)])
    await before.close()
    const client = new Client({ connectionString: server.url })
    await client.connect()
    // As in a dump of a server that has done far more than this one.
    await client.query(`UPDATE restored.predictions SET tx = '1000000000'`)
    await client.end()
    const register = await openPostgresRegister(options)
    await register.appendPredictions([prediction(3)])
    const { lines } = await register.read('predictions', { after: 0 })
    expect(lines.map((line) => line.id)).toEqual([id(1), id(2), id(3)])
    await register.close()
  })
})
