import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GroundtraceError, type Register } from '@groundtrace/core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openPostgresRegister, type PostgresRegisterOptions } from '../../src/postgres.ts'
import { openDatabase } from '../../src/postgres/database.ts'
import { migrate } from '../../src/postgres/migrate.ts'
import { MIGRATIONS } from '../../src/postgres/schema.ts'
import { id, prediction, statuses, TASKS } from '../../src/testing/fixtures.ts'
import { QUICK, startPostgres, type Postgres } from '../../../../test/services/postgres.ts'
import { hasPostgres } from './has-postgres.ts'
import { sql } from './sql.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const URL_OF_NOBODY = 'postgres://nobody:geheim@127.0.0.1:1/none'

async function failureOf(opening: Promise<Register>): Promise<GroundtraceError> {
  const [{ reason: error }] = (await Promise.allSettled([opening])) as [PromiseRejectedResult]
  expect(GroundtraceError.isInstance(error) && error.message).toMatch(/\. .+\.$/)
  expect((error as Error).message).not.toContain('geheim')
  return error as GroundtraceError
}

describe('options that make no sense', () => {
  it.each<readonly [string, object | undefined, RegExp]>([
    ['nothing', undefined, /url is no URL/],
    ['no url', {}, /url is no URL/],
    ['a url of something else', { url: 'http://user:geheim@host/base' }, /postgres:\/\/user/],
    ['a url without a database', { url: 'postgres://user:geheim@host' }, /postgres:\/\/user/],
    ['a schema with a quote', { url: URL_OF_NOBODY, schema: 'a"; DROP' }, /schema/],
    ['no clock', { url: URL_OF_NOBODY, now: 7 }, /clock/],
    ['no connections', { url: URL_OF_NOBODY, poolSize: 0 }, /poolSize/],
    ['tasks that are no list', { url: URL_OF_NOBODY, tasks: {} }, /tasks/],
    ['a timeout of half a millisecond', { url: URL_OF_NOBODY, statementTimeoutMs: 0.5 }, /statementTimeoutMs/],
  ])('meet an error that says what to pass: %s', async (_, options, message) => {
    const error = await failureOf(openPostgresRegister(options as PostgresRegisterOptions))
    expect(error).toMatchObject({ code: 'invalid-argument', message: expect.stringMatching(message) })
  })
})

describe.skipIf(!hasPostgres)('opening a register in PostgreSQL', () => {
  let server: Postgres
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  const at = (change: (url: URL) => void): string => {
    const url = new URL(server.url)
    change(url)
    return url.href
  }

  it('says so when nobody listens, nothing has the name, or a file that the URL names is not there', async () => {
    const unavailable = { code: 'register-unavailable' }
    const refused = await failureOf(openPostgresRegister({ url: URL_OF_NOBODY }))
    expect(refused).toMatchObject({ ...unavailable, message: expect.stringMatching(/127\.0\.0\.1:1.*host and port/) })
    const none = await failureOf(openPostgresRegister({ url: at((url) => (url.pathname = '/none')) }))
    expect(none).toMatchObject({ ...unavailable, message: expect.stringMatching(/"none" does not exist.*its name/) })
    const role = await failureOf(openPostgresRegister({ url: at((url) => (url.username = 'nobody')) }))
    expect(role).toMatchObject({ ...unavailable, message: expect.stringMatching(/"nobody".*user/) })
    const file = at((url) => (url.search = 'sslmode=verify-full&sslrootcert=/none.pem'))
    const unread = await failureOf(openPostgresRegister({ url: file }))
    expect(unread).toMatchObject({ ...unavailable, message: expect.stringMatching(/none\.pem/) })
  })

  it('says so when the password is wrong, and never shows it', async () => {
    const rules = join(server.folder, 'rules.conf')
    await writeFile(rules, 'host all guarded 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n')
    await sql(server.url, `CREATE ROLE guarded LOGIN PASSWORD 'right'`, `ALTER SYSTEM SET hba_file = '${rules}'`)
    await server.kill()
    await server.restart()
    const url = at((given) => {
      given.username = 'guarded'
      given.password = 'geheim'
    })
    const error = await failureOf(openPostgresRegister({ url }))
    expect(error).toMatchObject({
      code: 'register-unavailable',
      message: expect.stringMatching(/"guarded".*Check user and password/),
    })
  })

  it('says what a role lacks, and needs no more than a schema of its own', async () => {
    await sql(server.url, 'CREATE ROLE limited LOGIN')
    const url = at((given) => (given.username = 'limited'))
    const error = await failureOf(openPostgresRegister({ url, schema: 'theirs' }))
    expect(error).toMatchObject({
      code: 'register-unavailable',
      message: expect.stringMatching(/permission denied.*Grant the role/),
    })
    await sql(server.url, 'CREATE SCHEMA theirs AUTHORIZATION limited')
    const register = await openPostgresRegister({ url, schema: 'theirs', tasks: TASKS })
    expect(statuses(await register.appendPredictions([prediction(1, { user: 'u' })]))).toEqual(['stored'])
    await register.close()
  })

  it('says so where nothing can be written, and reads there', async () => {
    const writer = await openPostgresRegister({ url: server.url, schema: 'read', tasks: TASKS })
    await writer.appendPredictions([prediction(1)])
    await writer.close()
    await sql(
      server.url,
      'CREATE ROLE reader LOGIN SUPERUSER',
      'ALTER ROLE reader SET default_transaction_read_only = on',
    )
    const url = at((given) => (given.username = 'reader'))
    const error = await failureOf(openPostgresRegister({ url, schema: 'read', tasks: TASKS }))
    expect(error).toMatchObject({
      code: 'register-unavailable',
      message: expect.stringMatching(/read-only transaction.*readOnly/),
    })
    const reader = await openPostgresRegister({ url, schema: 'read', readOnly: true })
    expect((await reader.prediction(id(1)))?.id).toBe(id(1))
    expect((await reader.totals()).predictions).toBe(1)
    await expect(reader.appendPredictions([prediction(2)])).rejects.toThrow(/reading only\. Open it without readOnly/)
    await reader.close()
    const none = await failureOf(openPostgresRegister({ url, schema: 'nothing_here', readOnly: true }))
    expect(none).toMatchObject({
      code: 'register-incompatible',
      message: expect.stringMatching(/no register.*without/),
    })
  })

  it('refuses a newer schema, an older server and another encoding', async () => {
    const options = {
      url: server.url,
      schema: 'newer',
      poolSize: 1,
      connectionTimeoutMs: 5000,
      statementTimeoutMs: 5000,
    }
    const database = openDatabase({ ...options, readOnly: false, now: () => 7 })
    const more = { version: MIGRATIONS.length + 1, what: 'more', sql: (s: string) => `CREATE TABLE ${s}.more (a text)` }
    await migrate(database, { readOnly: false }, [...MIGRATIONS, more])
    const error = await failureOf(openPostgresRegister(options))
    expect(error).toMatchObject({ code: 'register-incompatible', message: expect.stringMatching(/Update Groundtrace/) })

    const answering = (row: object) => ({
      ...database,
      read: (work: never) => (work as CallableFunction)({ rows: () => [row] }),
    })
    const old = { version: 140_012, text: '14.12', encoding: 'UTF8', durable: true }
    await expect(migrate(answering(old) as never, { readOnly: false })).rejects.toThrow(
      /on PostgreSQL 14\.12\. Use .* 15/,
    )
    await database.close()
    await sql(server.url, `CREATE DATABASE latin ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0`)
    const latin = await failureOf(openPostgresRegister({ url: at((url) => (url.pathname = '/latin')) }))
    expect(latin).toMatchObject({ code: 'register-incompatible', message: expect.stringMatching(/LATIN1.*UTF8/) })
  })

  it('brings the schema up to date step by step, writes each down, and leaves it as it was when one fails', async () => {
    const options = {
      url: server.url,
      schema: 'steps',
      poolSize: 2,
      connectionTimeoutMs: 5000,
      statementTimeoutMs: 5000,
    }
    const database = openDatabase({ ...options, readOnly: false, now: () => 7 })
    await migrate(database, { readOnly: false })
    const version = MIGRATIONS.length + 1
    const bad = {
      version,
      what: 'bad',
      sql: (s: string) => `CREATE TABLE ${s}.more (a text); CREATE TABLE ${s}.more (a text)`,
    }
    await expect(migrate(database, { readOnly: false }, [...MIGRATIONS, bad])).rejects.toThrow(/already exists/)
    const good = { version, what: 'good', sql: (s: string) => `CREATE TABLE ${s}.more (a text)` }
    await migrate(database, { readOnly: false }, [...MIGRATIONS, good])
    await migrate(database, { readOnly: false }, [...MIGRATIONS, good])
    const steps = await sql<{ readonly what: string }>(
      server.url,
      'SELECT what FROM steps.schema_versions ORDER BY version',
    )
    expect(steps.map(({ what }) => what)).toEqual([...MIGRATIONS.map(({ what }) => what), 'good'])
    await database.close()
  })

  it('is done by one of the replicas that start at the same moment, and all find the same tasks', async () => {
    const options = { url: server.url, schema: 'together', tasks: TASKS, poolSize: 1 }
    const registers = await Promise.all(Array.from({ length: 8 }, () => openPostgresRegister(options)))
    await Promise.all(registers.map((register, index) => register.appendPredictions([prediction(index + 1)])))
    for (const register of registers) expect((await register.totals()).predictions).toBe(8)
    const [tasks] = await sql<{ readonly tasks: string }>(server.url, 'SELECT count(*) AS tasks FROM together.tasks')
    expect(Number(tasks?.tasks)).toBe(TASKS.length)
    await Promise.all(registers.map((register) => register.close()))
  })

  it('says whether what is acknowledged survives a power cut, as the server is set', async () => {
    const register = await openPostgresRegister({ url: server.url, schema: 'quick' })
    expect(QUICK.fsync).toBe('off')
    expect(register.capabilities).toEqual({ sharedWriters: true, survivesPowerLoss: false })
    await register.close()
  })

  it('lets what runs end before it closes, and opens no more connections than it may', async () => {
    const register = await openPostgresRegister({ url: server.url, schema: 'drain', tasks: TASKS, poolSize: 3 })
    const numbers = Array.from({ length: 40 }, (_, index) => index + 1)
    const calls = numbers.map((number) => register.appendPredictions([prediction(number)]))
    const [used] = await sql<{ readonly used: string }>(
      server.url,
      `SELECT count(*) AS used FROM pg_stat_activity WHERE application_name = 'groundtrace'`,
    )
    expect(Number(used?.used)).toBeLessThanOrEqual(3)
    await register.close()
    expect((await Promise.all(calls)).flatMap(statuses)).toEqual(numbers.map(() => 'stored'))
    // The server's side of a connection ends a moment after ours.
    await vi.waitFor(async () =>
      expect(await sql(server.url, `SELECT FROM pg_stat_activity WHERE application_name = 'groundtrace'`)).toEqual([]),
    )
  })
})
