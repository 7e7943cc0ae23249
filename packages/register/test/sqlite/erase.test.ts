import { existsSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { openSqliteRegister } from '../../src/index.ts'
import { feedback, id, prediction, rated, TASKS } from '../../src/testing/fixtures.ts'
import { temporaryPath } from '../temporary-folder.ts'

/** All bytes that are on the disk: the file and its write-ahead log. */
function bytes(path: string): Buffer {
  const files = [path, `${path}-wal`].filter((file) => existsSync(file))
  return Buffer.concat(files.map((file) => readFileSync(file)))
}

const MARKS = ['MARK-OF-FEATURES', 'MARK-OF-USER', 'MARK-OF-COMMENT', 'MARK-OF-REPORT', 'MARK-IN-PEN']

describe('erasing from a SQLite file', () => {
  it('leaves no byte of a payload in the file or its log, however long it was', async () => {
    const path = temporaryPath()
    const register = openSqliteRegister({ path, tasks: TASKS })
    for (let number = 1; number <= 60; number += 1) {
      const long = number % 3 === 0 ? 20_000 : 10
      await register.appendPredictions([
        prediction(number, { features: { text: 'MARK-OF-FEATURES'.padEnd(long, 'x') }, user: 'MARK-OF-USER' }),
      ])
      await register.appendFeedback([
        rated(1000 + number, number, true, { comment: 'MARK-OF-COMMENT'.padEnd(long / 2, 'y') }),
        feedback(2000 + number, number, { kind: 'harm', report: 'MARK-OF-REPORT' }),
        rated(3000 + number, 500 + number, true, { comment: 'MARK-IN-PEN' }),
      ])
    }
    for (const mark of MARKS) expect(bytes(path).includes(mark)).toBe(true)
    const all = Array.from({ length: 60 }, (_, index) => [id(index + 1), id(501 + index)]).flat()
    expect(await register.erase(all)).toBe(240)
    for (const mark of MARKS) expect(bytes(path).includes(mark)).toBe(false)
    await register.close()
    for (const mark of MARKS) expect(bytes(path).includes(mark)).toBe(false)
  })

  it('says that the log still holds it while another process reads, and clears it when asked again', async () => {
    const path = temporaryPath()
    const register = openSqliteRegister({ path, tasks: TASKS })
    await register.appendPredictions([prediction(1, { user: 'MARK-OF-USER' })])
    const reader = new DatabaseSync(path, { readOnly: true })
    reader.exec('BEGIN')
    reader.prepare('SELECT count(*) FROM predictions').get()
    await expect(register.erase([id(1)])).rejects.toThrow(/1 payloads are erased, but .* Call it again/)
    expect((await register.prediction(id(1)))?.user).toBeUndefined()
    reader.exec('COMMIT')
    reader.close()
    expect(await register.erase([id(1)])).toBe(0)
    expect(bytes(path).includes('MARK-OF-USER')).toBe(false)
    await register.close()
  })

  it('keeps nothing of an orphan that turned out unfit', async () => {
    const path = temporaryPath()
    const register = openSqliteRegister({ path, tasks: TASKS })
    const unfit = feedback(101, 1, { kind: 'correction', label: 'eggs', comment: 'MARK-OF-COMMENT' })
    await register.appendFeedback([unfit])
    await register.appendPredictions([prediction(1)])
    await register.erase([])
    expect(bytes(path).includes('MARK-OF-COMMENT')).toBe(false)
    await register.close()
  })
})
