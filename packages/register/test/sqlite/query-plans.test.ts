import { describe, expect, it } from 'vitest'
import { sqliteDriver } from '../../src/sqlite/driver.ts'
import { openStore } from '../../src/sqlite/store.ts'
import { temporaryPath } from '../temporary-folder.ts'

/** What may be read from end to end: a row a version, a task, a reason, a run of keys, the first who withdrew; what else is a plan's own word for a sub-query. */
const SMALL =
  /^SCAN (v|versions|tasks|loss|counts|key_seed|key_runs|consent_key|withdrawn|CONSTANT ROW|\d+|\(subquery.*\))( |$)/
/** Called in order of arrival, from the position of the first new prediction on. */
const ALONG_ITS_KEY = /^SEARCH p USING INTEGER PRIMARY KEY \(rowid>\?\)$/

describe('the statements of a register', () => {
  it('never read a ledger from end to end', () => {
    const store = openStore({
      path: temporaryPath(),
      readOnly: false,
      durability: 'process',
      busyTimeoutMs: 0,
      now: Date.now,
    })
    const statements: string[] = []
    sqliteDriver(
      {
        ...store,
        prepare(sql) {
          statements.push(sql)
          return store.prepare(sql)
        },
      },
      { declared: [], survivesPowerLoss: false, orphanSeconds: 1 },
    )
    const plans = statements.flatMap((sql) =>
      store
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all()
        .map((row) => ({ sql, step: String(row['detail']) })),
    )
    expect(statements.length).toBeGreaterThan(40)
    expect(plans.filter(({ step }) => step.startsWith('SCAN') && !SMALL.test(step))).toEqual([])
    // An automatic index is made of a whole table, for one call.
    expect(plans.filter(({ step }) => step.includes('AUTOMATIC'))).toEqual([])
    expect(plans.some(({ step }) => ALONG_ITS_KEY.test(step))).toBe(true)
    store.close()
  })
})
