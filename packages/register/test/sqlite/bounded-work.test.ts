import type { StatementSync } from 'node:sqlite'
import type { Prediction } from '@groundtrace/core'
import { afterAll, describe, expect, it } from 'vitest'
import { sqliteDriver } from '../../src/sqlite/driver.ts'
import { encodePredictions } from '../../src/sqlite/prediction-lines.ts'
import { openStore } from '../../src/sqlite/store.ts'
import { prediction, rated, START } from '../../src/testing/fixtures.ts'

const store = openStore({ path: ':memory:', readOnly: false, durability: 'process', busyTimeoutMs: 0, now: Date.now })
afterAll(() => store.close())

/** Statements that were run since. */
let runs = 0
const driver = sqliteDriver(
  {
    ...store,
    prepare(sql) {
      return new Proxy(store.prepare(sql), {
        get(statement, method: keyof StatementSync) {
          const run = statement[method] as (...args: unknown[]) => unknown
          return (...args: unknown[]) => {
            runs += 1
            return Reflect.apply(run, statement, args)
          }
        },
      })
    },
  },
  { declared: [], survivesPowerLoss: false, orphanSeconds: 1 },
)

const PREDICTIONS = 5000

describe('a feedback that names a business key', () => {
  it('costs as much where thousands of predictions of one time have the key as where a hundred have', async () => {
    const lines = Array.from({ length: PREDICTIONS }, (_, index): Prediction =>
      prediction(index + 1, { entity: index < 100 ? 'rare' : 'flooded', time: START }),
    )
    await driver.appendLines(encodePredictions(lines, Date.now()))
    const work = await Promise.all(
      ['rare', 'flooded'].map(async (entity, index) => {
        runs = 0
        await driver.appendFeedback([
          rated(10_001 + index, 1, true, { target: { entity, task: 'spam' }, time: START + 1 }),
        ])
        return runs
      }),
    )
    expect(work[0]).toBeGreaterThan(100)
    expect(work[1]).toBe(work[0])
  })
})
