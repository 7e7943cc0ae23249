import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Count, Prediction } from '@groundtrace/core'
import { describe, expect, it } from 'vitest'
import { openSqliteRegister } from '../../../src/sqlite/open.ts'
import { prediction, rated, statuses, TASKS } from '../../../src/testing/fixtures.ts'
import { temporaryPath } from '../../temporary-folder.ts'

const numbered = (from: number, to: number): readonly Prediction[] =>
  Array.from({ length: to - from }, (_, at) => prediction(from + at))

const countLines = (lines: readonly unknown[]): readonly Count[] => [{ name: 'lines', labels: {}, value: lines.length }]

/** Turns of the event loop until the work is done. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0
  let done = false
  const count = (): void => {
    turns += 1
    if (!done) setImmediate(count)
  }
  setImmediate(count)
  await work
  done = true
  return turns
}

describe('a register in a thread of its own', () => {
  it('lets the event loop turn while it works, where the caller’s own thread stands still', async () => {
    const own = openSqliteRegister({ path: temporaryPath(), tasks: TASKS })
    const caller = openSqliteRegister({ path: temporaryPath(), tasks: TASKS, thread: 'caller' })
    const lines = numbered(1, 5000)
    expect(await turnsDuring(caller.appendPredictions(lines))).toBe(0)
    expect(await turnsDuring(own.appendPredictions(lines))).toBeGreaterThan(1)
    expect(await own.totals()).toEqual(await caller.totals())
    await own.close()
    await caller.close()
  })

  it('refuses a line that can not be read, by what is wrong with it, and stores those beside it', async () => {
    const register = openSqliteRegister({ path: temporaryPath(), tasks: TASKS })
    const hostile = new Proxy(prediction(4), {
      ownKeys() {
        throw new Error('no')
      },
    })
    const receipts = await register.appendPredictions([
      prediction(1),
      { ...prediction(2), features: { words: (() => 1) as never } },
      { ...prediction(3), unheardOf: () => 1 } as Prediction,
      hostile,
      prediction(5),
    ])
    // A field that a prediction does not have is left out, whatever it holds.
    expect(statuses(receipts)).toEqual(['stored', 'rejected', 'stored', 'rejected', 'stored'])
    expect(receipts[1]?.reason).toMatch(/features is not a map of/)
    expect(receipts[3]?.reason).toMatch(/can't be read/)
    expect((await register.totals()).predictions).toBe(3)
    const feedback = await register.appendFeedback([
      { ...rated(101, 1, true), comment: (() => 1) as never },
      rated(102, 5, true),
    ])
    expect(statuses(feedback)).toEqual(['rejected', 'stored'])
    await register.close()
  })

  it('answers what was asked before it was closed', async () => {
    const path = temporaryPath()
    const register = openSqliteRegister({ path, tasks: TASKS })
    const asked = [register.appendPredictions(numbered(1, 500)), register.appendPredictions(numbered(500, 1000))]
    await register.close()
    expect((await Promise.all(asked)).flat().filter(({ status }) => status === 'stored')).toHaveLength(999)
    const again = openSqliteRegister({ path, readOnly: true })
    expect((await again.totals()).predictions).toBe(999)
    await again.close()
  })

  it('lets two count with one cursor, each line once', async () => {
    const path = temporaryPath()
    const [one, two] = [openSqliteRegister({ path, tasks: TASKS }), openSqliteRegister({ path, tasks: TASKS })]
    await one.appendPredictions(numbered(1, 301))
    const advance = async (register: typeof one): Promise<void> => {
      while ((await register.advance('metrics', 'predictions', countLines, 7)) > 0);
    }
    await Promise.all([advance(one), advance(two)])
    expect(await one.counts()).toEqual([{ name: 'lines', labels: {}, value: 300 }])
    await one.close()
    await two.close()
  })

  it('starts without what the service preloads, and lets the process end by itself', async () => {
    const path = temporaryPath()
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--conditions=source',
      '--import',
      new URL('preloaded.ts', import.meta.url).href,
      fileURLToPath(new URL('ending-program.ts', import.meta.url)),
      path,
    ])
    expect(stdout.trim().split('\n')).toEqual(['preloaded', 'stored,stored'])
    const register = openSqliteRegister({ path, readOnly: true })
    expect((await register.totals()).predictions).toBe(2)
    await register.close()
  })

  it('throws what opening throws', () => {
    expect(() => openSqliteRegister({ path: '/no/such/folder/register.db' })).toThrow(/Create its folder/)
    expect(() => openSqliteRegister({ path: temporaryPath(), thread: 'other' as never })).toThrow(/own, caller/)
  })
})
