import { DatabaseSync } from 'node:sqlite'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openSqliteRegister } from '../../src/sqlite/open.ts'
import { BLOCK } from '../../src/sqlite/open-blocks.ts'
import { prediction, START, TASKS } from '../../src/testing/fixtures.ts'
import { temporaryPath } from '../temporary-folder.ts'

const SECOND = 1000
const HORIZON = (TASKS.find(({ name }) => name === 'spam')?.horizonSeconds ?? Number.NaN) * SECOND

/** A register of predictions, one for each of these times. */
async function registerOf(times: readonly number[], path = ':memory:') {
  const register = openSqliteRegister({ path, tasks: TASKS, thread: 'caller' })
  await register.appendPredictions(times.map((time, at) => prediction(at + 1, { time: START + time })))
  return register
}

describe('what is due, by blocks of positions', () => {
  it('is each prediction once, when its own horizon comes, in whatever order their times are', async () => {
    const time = fc.integer({ min: 0, max: 20 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(time, { minLength: 1, maxLength: 40 }),
        fc.array(time, { minLength: 1, maxLength: 6 }),
        async (seconds, moments) => {
          // Spread over three blocks and more.
          const times = seconds.flatMap((second) => Array.from({ length: 40 }, () => second * SECOND))
          const register = await registerOf(times)
          let closed = 0
          for (const moment of [...moments].sort((a, b) => a - b)) {
            const now = START + moment * SECOND + HORIZON
            closed += await register.closeHorizons({ now })
            expect(closed).toBe(times.filter((at) => at <= moment * SECOND).length)
            const open = times.filter((at) => at > moment * SECOND)
            const next = open.length === 0 ? undefined : START + Math.min(...open) + HORIZON
            expect((await register.totals()).nextHorizon).toBe(next)
          }
          await register.close()
        },
      ),
      { numRuns: 25 },
    )
  })

  it('is closed in steps of any size, each going on where the last one stopped', async () => {
    const register = await registerOf(Array.from({ length: 2 * BLOCK + 3 }, (_, at) => (at * 7919) % 1000))
    const now = START + HORIZON + 1000
    let closed = 0
    for (let step = 1; closed < 2 * BLOCK + 3; step += 1) {
      const taken = await register.closeHorizons({ now, limit: step })
      expect(taken).toBe(Math.min(step, 2 * BLOCK + 3 - closed))
      closed += taken
    }
    expect(await register.closeHorizons({ now })).toBe(0)
    await register.close()
  })

  it('is closed too when what was due before it was taken out of the file by hand', async () => {
    const path = temporaryPath()
    const register = await registerOf(
      Array.from({ length: 2 * BLOCK }, (_, at) => at),
      path,
    )
    const database = new DatabaseSync(path)
    // All of the first block, and the first half of the second.
    database.exec(`DELETE FROM predictions WHERE position < ${BLOCK + BLOCK / 2}`)
    database.close()
    expect(await register.closeHorizons({ now: START + HORIZON + 2 * BLOCK })).toBe(BLOCK / 2 + 1)
    expect((await register.totals()).nextHorizon).toBeUndefined()
    await register.close()
  })

  it('has one row for hundreds of predictions, and none when all are closed', async () => {
    const path = temporaryPath()
    const register = await registerOf(
      Array.from({ length: 3 * BLOCK }, (_, at) => at),
      path,
    )
    const blocks = (): unknown => {
      const database = new DatabaseSync(path, { readOnly: true })
      const count = database.prepare('SELECT count(*) AS blocks FROM open_blocks').get()?.['blocks']
      database.close()
      return count
    }
    // Positions begin at 1.
    expect(blocks()).toBe(4)
    await register.closeHorizons({ now: START + HORIZON + 3 * BLOCK })
    expect(blocks()).toBe(0)
    await register.close()
  })
})
