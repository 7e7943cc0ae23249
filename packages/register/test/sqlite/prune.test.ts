import { DatabaseSync } from 'node:sqlite'
import type { Prediction, Register } from '@groundtrace/core'
import { describe, expect, it } from 'vitest'
import { openSqliteRegister } from '../../src/index.ts'
import { DAY, id, prediction, START, TASKS } from '../../src/testing/fixtures.ts'
import { temporaryPath } from '../temporary-folder.ts'

/** More than two runs of 32,768 keys, and an unsealed rest. */
const LINES = 70_000

/** One a second. */
const at = (number: number): Prediction =>
  prediction(number, { time: START + number * 1000, entity: `order-${number % 50}`, user: `user-${number % 50}` })

async function append(register: Register, from: number, to: number): Promise<void> {
  for (let number = from; number < to; number += 5000) {
    await register.appendPredictions(
      Array.from({ length: Math.min(5000, to - number) }, (_, index) => at(number + index)),
    )
  }
}

function runsOf(path: string): readonly unknown[] {
  const database = new DatabaseSync(path, { readOnly: true })
  const runs = database.prepare('SELECT key_index, first, last FROM key_runs ORDER BY key_index, first').all()
  const pages = database.prepare('SELECT count(*) AS pages FROM key_pages').get()
  database.close()
  return [...runs.map((run) => Object.values(run)), Object.values(pages ?? {})]
}

const SEALED = 2 ** 15
/** Pages of 800 entries. */
const PAGES = Math.ceil(SEALED / 800)

/** What {@link runsOf} gives where each index has these runs. */
const runs = (ranges: readonly (readonly number[])[]) => [
  ...[0, 1, 2].flatMap((index) => ranges.map((range) => [index, ...range])),
  [ranges.length * 3 * PAGES],
]

describe('pruning a SQLite file', () => {
  it('drops the sealed keys of whose rows none is left, and finds all others', { timeout: 60_000 }, async () => {
    const path = temporaryPath()
    const register = openSqliteRegister({ path, tasks: TASKS })
    await append(register, 1, LINES + 1)
    await register.closeHorizons({ now: START + 9 * DAY })
    const first = [1, SEALED]
    const second = [SEALED + 1, 2 * SEALED]
    expect(runsOf(path)).toEqual(runs([first, second]))

    expect(await register.prune({ before: START + 40_001_000 })).toBe(40_000)
    expect(runsOf(path)).toEqual(runs([second]))
    for (const number of [40_001, 50_000, 2 * SEALED, LINES]) {
      expect((await register.prediction(id(number)))?.id).toBe(id(number))
    }
    for (const number of [1, SEALED, 40_000]) expect(await register.prediction(id(number))).toBeUndefined()
    expect(await register.eraseUser('user-7')).toBe((LINES - 40_000) / 50)

    expect(await register.prune({ before: START + 9 * DAY })).toBe(LINES - 40_000)
    expect(runsOf(path)).toEqual([[0]])
    await register.close()
    const again = openSqliteRegister({ path })
    await append(again, 2_000_000, 2_040_000)
    expect(runsOf(path)).toEqual(runs([[LINES + 1, LINES + SEALED]]))
    expect((await again.prediction(id(2_000_000)))?.id).toBe(id(2_000_000))
    await again.close()
  })
})
