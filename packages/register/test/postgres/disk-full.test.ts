import { execFileSync } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Prediction } from '@groundtrace/core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openPostgresRegister } from '../../src/postgres.ts'
import { id, prediction, statuses, TASKS } from '../../src/testing/fixtures.ts'
import { startPostgres, type Postgres } from '../../../../test/services/postgres.ts'
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

/** Only root may make a small disk. */
describe.skipIf(!hasPostgres || process.getuid?.() !== 0)('a disk that fills up', () => {
  let server: Postgres
  let disk = ''
  beforeAll(async () => {
    server = await startPostgres()
    disk = mkdtempSync(join(tmpdir(), 'groundtrace-disk-'))
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk])
    const { uid, gid } = statSync(server.folder)
    chownSync(disk, uid, gid)
  })
  afterAll(async () => {
    await server.stop()
    execFileSync('umount', [disk])
    rmSync(disk, { recursive: true })
  })

  it('is told, keeps what was acknowledged, and takes more as soon as there is room', async () => {
    await sql(
      server.url,
      `CREATE TABLESPACE small LOCATION '${disk}'`,
      'ALTER DATABASE postgres SET default_tablespace = small',
    )
    const register = await openPostgresRegister({ url: server.url, tasks: TASKS })
    const append = (batch: number) =>
      register.appendPredictions(Array.from({ length: LINES }, (_, index) => large(1 + batch * LINES + index)))
    let batches = 0
    const fill = async (): Promise<never> => {
      for (;;) {
        await append(batches)
        batches += 1
      }
    }
    await expect(fill()).rejects.toMatchObject({
      code: 'register-unavailable',
      message: expect.stringMatching(/No space left on device.*Free disk space.*nothing of this call was stored/),
    })
    expect(batches).toBeGreaterThan(0)
    expect((await register.totals()).predictions).toBe(batches * LINES)
    expect(await register.prediction(id(1 + batches * LINES))).toBeUndefined()
    expect(await register.prediction(id(batches * LINES))).toEqual(large(batches * LINES))

    execFileSync('mount', ['-o', 'remount,size=64m', disk])
    expect(statuses(await append(batches))).toEqual(Array(LINES).fill('stored'))
    expect((await register.totals()).predictions).toBe((batches + 1) * LINES)
    await register.close()
  })
})
