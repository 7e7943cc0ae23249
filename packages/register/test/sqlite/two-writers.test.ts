import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { defineTask, type Count, type Prediction } from '@groundtrace/core'
import { describe, expect, it } from 'vitest'
import { openSqliteRegister } from '../../src/index.ts'
import { DAY, id, prediction, rated, SPAM, START, statuses, TASKS, wholeLedger } from '../../src/testing/fixtures.ts'
import { temporaryPath } from '../temporary-folder.ts'

const byVersion = (lines: readonly Prediction[]): readonly Count[] =>
  lines.map((line) => ({ name: 'predictions', labels: { version: line.model.version }, value: 1 }))

describe('two writers on one register file', () => {
  it('take turns, and both stay right', async () => {
    const path = temporaryPath()
    const [a, b] = [openSqliteRegister({ path, tasks: TASKS }), openSqliteRegister({ path, tasks: TASKS })]
    for (let number = 1; number <= 40; number += 2) {
      await a.appendPredictions([prediction(number)])
      await b.appendPredictions([prediction(number + 1), prediction(number, { value: 'ham' })])
      await a.appendFeedback([rated(100 + number, number + 1, true)])
      await b.appendFeedback([rated(100 + number, number + 1, true), rated(200 + number, number, false)])
      await b.advance('shared', 'predictions', byVersion, 1)
      await a.advance('shared', 'predictions', byVersion, 1)
    }
    await b.closeHorizons({ now: START + 10 * DAY, limit: 30 })
    await a.closeHorizons({ now: START + 10 * DAY })
    expect(await a.totals()).toEqual(await b.totals())
    expect(await a.totals()).toMatchObject({
      predictions: 40,
      feedback: { stored: 40, duplicate: 20 },
      outcomes: { settled: 40 },
      open: 0,
    })
    expect(await a.counts()).toEqual([{ name: 'predictions', labels: { version: 'v1' }, value: 40 }])
    const outcomes = await wholeLedger(a, 'outcomes', 100)
    expect(outcomes.filter(({ outcome }) => outcome.phase === 'horizon')).toHaveLength(40)
    await a.close()
    await b.close()
  })

  it('see a task that the other declared anew', async () => {
    const path = temporaryPath()
    const a = openSqliteRegister({ path, tasks: TASKS })
    await a.appendPredictions([prediction(1)])
    expect((await a.prediction(id(1)))?.task).toEqual(SPAM)
    const newer = defineTask({ ...SPAM, gainfulSources: ['recipient'] })
    const b = openSqliteRegister({ path, tasks: [newer] })
    expect((await a.prediction(id(1)))?.task).toEqual(newer)
    expect(statuses(await a.appendFeedback([rated(101, 1, false)]))).toEqual(['held'])
    await a.close()
    await b.close()
  })

  it('wait for each other no longer than they were told, and lose nothing by it', async () => {
    const path = temporaryPath()
    const register = openSqliteRegister({ path, tasks: TASKS, busyTimeoutMs: 20 })
    const other = new DatabaseSync(path)
    other.exec('BEGIN IMMEDIATE')
    await expect(register.appendPredictions([prediction(1)])).rejects.toMatchObject({
      code: 'register-unavailable',
      message: expect.stringContaining('busyTimeoutMs'),
    })
    expect((await register.totals()).predictions).toBe(0)
    other.exec('ROLLBACK')
    other.close()
    expect(statuses(await register.appendPredictions([prediction(1)]))).toEqual(['stored'])
    await register.close()
  })

  it('may start on the same new file at the same moment', async () => {
    const path = temporaryPath()
    const program = fileURLToPath(new URL('starter-program.ts', import.meta.url))
    const children = [1, 2, 3, 4].map((number) =>
      spawn(process.execPath, ['--conditions=source', program, path, String(number)], {
        stdio: ['pipe', 'pipe', 'inherit'],
      }),
    )
    // All are loaded and wait for the word, so that they open the file at once.
    await Promise.all(children.map((child) => once(child.stdout, 'data')))
    for (const child of children) child.stdin.end('go')
    const exits = await Promise.all(children.map(async (child) => (await once(child, 'exit')) as [number | null]))
    expect(exits.map(([code]) => code)).toEqual([0, 0, 0, 0])
    const register = openSqliteRegister({ path, readOnly: true })
    expect((await register.totals()).predictions).toBe(200)
    expect(await register.versions()).toEqual([{ model: 'filter', version: 'v1', predictions: 200 }])
    await register.close()
  })
})
