import { execFileSync } from 'node:child_process'
import { chownSync, cpSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { Prediction, Register } from '@groundtrace/core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openPostgresRegister } from '../../src/postgres.ts'
import { id, prediction, statuses, TASKS } from '../../src/testing/fixtures.ts'
import { startPostgres, type Postgres } from '../../../../test/services/postgres.ts'
import { hasSmallDisks, smallDisk, type SmallDisk } from '../../../../test/services/small-disk.ts'
import { hasPostgres } from './has-postgres.ts'
import { sql } from './sql.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const LINES = 200
const text = 'x'.repeat(3000)

/** Features that no compression makes small. */
const large = (number: number): Prediction =>
  prediction(number, {
    features: { numbers: Array.from({ length: 300 }, (_, index) => Math.sin(number * 1000 + index)), text },
  })

const append = (register: Register, batch: number) =>
  register.appendPredictions(Array.from({ length: LINES }, (_, index) => large(1 + batch * LINES + index)))

/** Appends until that fails. @returns the batches that were acknowledged, and why it failed */
async function filled(register: Register): Promise<{ readonly batches: number; readonly error: unknown }> {
  for (let batches = 0; ; batches += 1) {
    try {
      expect(new Set(statuses(await append(register, batches)))).toEqual(new Set(['stored']))
    } catch (error) {
      return { batches, error }
    }
  }
}

/** Moves the write-ahead log of a server that does not run. */
function moveLog({ folder }: Postgres, disk: SmallDisk): void {
  const log = join(folder, 'pg_wal')
  cpSync(log, disk.path, { recursive: true, preserveTimestamps: true })
  execFileSync('chown', ['-R', '--reference', folder, disk.path])
  rmSync(log, { recursive: true })
  symlinkSync(disk.path, log)
}

/** The server does not run as root. */
function giveTo(server: Postgres, disk: SmallDisk): void {
  const { uid, gid } = statSync(server.folder)
  chownSync(disk.path, uid, gid)
}

describe.skipIf(!hasPostgres || !hasSmallDisks)('a disk of tables that fills up', () => {
  let server: Postgres
  let disk: SmallDisk
  beforeAll(async () => {
    server = await startPostgres()
    disk = smallDisk(6)
    giveTo(server, disk)
  })
  afterAll(async () => {
    await server.stop()
    disk.remove()
  })

  it('is told, keeps what was acknowledged, and takes more as soon as there is room', async () => {
    await sql(
      server.url,
      `CREATE TABLESPACE small LOCATION '${disk.path}'`,
      'ALTER DATABASE postgres SET default_tablespace = small',
    )
    const register = await openPostgresRegister({ url: server.url, tasks: TASKS })
    const { batches, error } = await filled(register)
    expect(error).toMatchObject({
      code: 'register-unavailable',
      message: expect.stringMatching(/No space left on device.*Free disk space.*nothing of this call was stored/),
    })
    expect(batches).toBeGreaterThan(0)
    expect((await register.totals()).predictions).toBe(batches * LINES)
    expect(await register.prediction(id(1 + batches * LINES))).toBeUndefined()
    expect(await register.prediction(id(batches * LINES))).toEqual(large(batches * LINES))

    disk.resize(64)
    expect(statuses(await append(register, batches))).toEqual(Array(LINES).fill('stored'))
    expect((await register.totals()).predictions).toBe((batches + 1) * LINES)
    await register.close()
  })
})

describe.skipIf(!hasPostgres || !hasSmallDisks)('a disk of the write-ahead log that fills up', () => {
  let server: Postgres
  let disk: SmallDisk
  beforeAll(async () => {
    disk = smallDisk(64)
    // As a server is set where nothing may be lost.
    server = await startPostgres({ autovacuum: 'off' })
    giveTo(server, disk)
    await server.kill()
    moveLog(server, disk)
    await server.restart()
  })
  afterAll(async () => {
    await server.stop()
    disk.remove()
  })

  it('ends the server, and loses nothing that was acknowledged when it runs again with more room', async () => {
    const register = await openPostgresRegister({ url: server.url, tasks: TASKS })
    const { batches, error } = await filled(register)
    // Whether the last call was stored nobody knows, so nothing is said of it.
    expect(error).toMatchObject({
      code: 'register-unavailable',
      message: expect.stringMatching(/call again: what was acknowledged is stored, and nothing is stored twice\.$/),
    })
    expect(batches).toBeGreaterThan(0)
    disk.resize(512)
    await server.kill()
    await server.restart()
    const { predictions } = await register.totals()
    expect([batches * LINES, (batches + 1) * LINES]).toContain(predictions)
    expect(await register.prediction(id(batches * LINES))).toEqual(large(batches * LINES))
    const again = new Set(statuses(await append(register, batches)))
    expect(again).toEqual(new Set([predictions === batches * LINES ? 'stored' : 'duplicate']))
    expect((await register.totals()).predictions).toBe((batches + 1) * LINES)
    await register.close()
  })
})
