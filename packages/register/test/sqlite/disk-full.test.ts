import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openSqliteRegister } from '../../src/sqlite/open.ts'
import { examineSqliteRegister } from '../../src/sqlite.ts'
import { DAY, id, prediction, rated, START, statuses, TASKS } from '../../src/testing/fixtures.ts'
import { hasSmallDisks, smallDisk, type SmallDisk } from '../../../../test/services/small-disk.ts'
import { expectSound } from '../sound.ts'

const MEBIBYTE = 2 ** 20
const LINES = 50
const text = 'x'.repeat(1000)

describe.skipIf(!hasSmallDisks)('a disk that fills up under a SQLite file', () => {
  let disk: SmallDisk
  beforeAll(() => {
    disk = smallDisk(8)
  })
  afterAll(() => disk.remove())

  it.each(['process', 'power'] as const)(
    'is told, keeps what was acknowledged, and takes more when there is room (durability %s)',
    async (durability) => {
      const folder = mkdtempSync(join(disk.path, 'register-'))
      onTestFinished(() => rmSync(folder, { recursive: true }))
      const options = { path: join(folder, 'register.db'), durability, tasks: TASKS }
      const other = join(folder, 'other')
      writeFileSync(other, Buffer.alloc(4 * MEBIBYTE))
      let register = openSqliteRegister(options)
      const lineOf = (number: number) => prediction(number, { features: { text }, user: `user ${number % LINES}` })
      const append = (batch: number) =>
        register.appendPredictions(Array.from({ length: LINES }, (_, at) => lineOf(1 + batch * LINES + at)))
      let batches = 0
      const fill = async (): Promise<never> => {
        for (;;) {
          await append(batches)
          batches += 1
        }
      }
      const full = {
        code: 'register-unavailable',
        message: expect.stringMatching(/disk is full.*Free disk space.*nothing of this call was stored/),
      }
      await expect(fill()).rejects.toMatchObject(full)
      expect(batches).toBeGreaterThan(0)
      await expect(register.closeHorizons({ now: START + 99 * DAY })).rejects.toMatchObject(full)
      await expect(register.eraseUser('user 1')).rejects.toMatchObject(full)
      // It can be read all the same, also by whoever opens it now.
      await register.close()
      register = openSqliteRegister(options)
      expect((await register.totals()).predictions).toBe(batches * LINES)
      expect(await register.prediction(id(batches * LINES))).toEqual(lineOf(batches * LINES))
      expect(await register.prediction(id(batches * LINES + 1))).toBeUndefined()

      // Room for what an erasure writes, and none for emptying the write-ahead log.
      writeFileSync(other, Buffer.alloc(4 * MEBIBYTE - 2 ** 17))
      await expect(register.erase([id(1)])).rejects.toMatchObject({
        code: 'register-unavailable',
        message: expect.stringMatching(
          /^1 payloads are erased, but .* still holds them \(.*disk is full\)\. Call it again/,
        ),
      })
      rmSync(other)
      expect(await register.erase([id(1)])).toBe(0)
      expect((await register.prediction(id(1)))?.features).toBeUndefined()

      expect(statuses(await append(batches))).toEqual(Array(LINES).fill('stored'))
      expect(statuses(await register.appendFeedback([rated(90_001, 1, true)]))).toEqual(['stored'])
      await register.close()
      expectSound(examineSqliteRegister(options))
    },
  )
})
