import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { openSqliteRegister } from '../../src/index.ts'
import { DAY, id, prediction, rated, START, statuses, TASKS } from '../../src/testing/fixtures.ts'
import { temporaryPath } from '../temporary-folder.ts'

/** A register with two predictions and a feedback on each; what is kept of the first feedback is changed by `sql`. */
async function damaged(sql: string): Promise<string> {
  const path = temporaryPath()
  const register = openSqliteRegister({ path, tasks: TASKS })
  await register.appendPredictions([prediction(1), prediction(2)])
  await register.appendFeedback([rated(101, 1, true), rated(102, 2, true)])
  await register.close()
  const database = new DatabaseSync(path)
  database.exec(sql)
  database.close()
  return path
}

describe('a prediction of which something can not be read', () => {
  it.each([
    ['feedback of no kind', `UPDATE feedback SET line_json = '{"kind":"nonsense"}' WHERE id = '${id(101)}'`],
    ['feedback that is no JSON', `UPDATE feedback SET line_json = '{' WHERE id = '${id(101)}'`],
    ['a value that is no JSON', `UPDATE predictions SET value_json = '{' WHERE id = '${id(1)}'`],
  ])('(%s) fails alone: what is beside it joins and closes', async (_, sql) => {
    const path = await damaged(sql)
    const register = openSqliteRegister({ path })
    const receipts = await register.appendFeedback([
      rated(103, 1, false, { user: 'alice' }),
      rated(104, 2, false, { user: 'alice' }),
    ])
    expect(statuses(receipts)).toEqual(['rejected', 'stored'])
    expect(receipts[0]?.reason).toMatch(/can not be read\. Restore/)
    expect(await register.closeHorizons({ now: START + 9 * DAY })).toBe(2)
    expect(await register.closeHorizons({ now: START + 9 * DAY })).toBe(0)
    expect((await register.outcomesOf(id(2))).at(-1)).toMatchObject({ phase: 'horizon', state: 'contested' })
    expect(await register.totals()).toMatchObject({
      feedback: { stored: 3, rejected: 1 },
      loss: { 'prediction-unsettled': 1 },
    })
    await register.close()
    // What was refused left no payload behind.
    const database = new DatabaseSync(path, { readOnly: true })
    expect(database.prepare('SELECT count(*) AS rows FROM feedback_payloads').get()).toEqual({ rows: 1 })
    database.close()
  })
})

describe('a register of which a row is half gone', () => {
  it.each([
    ['a task that is no JSON', `UPDATE tasks SET definition_json = '{'`],
    ['a version that is gone', 'PRAGMA foreign_keys = OFF; DELETE FROM versions'],
  ])('(%s) says so to who reads it, with the next step', async (_, sql) => {
    const register = openSqliteRegister({ path: await damaged(sql), readOnly: true })
    await expect(register.read('predictions', { after: 0 })).rejects.toThrow(
      expect.objectContaining({
        code: 'register-unavailable',
        message: expect.stringMatching(/holds what can't be read \(.+\)\. Run groundtrace doctor/) as unknown,
      }),
    )
    await register.close()
  })
})
