import type { Receipt } from '@groundtrace/core'
import { describe, expect, it } from 'vitest'
import { gathering } from '../../src/postgres/gathering.ts'

interface Run {
  readonly lines: readonly string[]
  end(error?: Error): void
}

/** An append that runs until it is told to end. */
function manual() {
  const runs: Run[] = []
  const append = (lines: readonly string[]): Promise<readonly Receipt[]> =>
    new Promise((resolve, reject) => {
      runs.push({
        lines,
        end: (error) => (error === undefined ? resolve(lines.map((id) => ({ id, status: 'stored' }))) : reject(error)),
      })
    })
  return { runs, append }
}

/** Lets everything that is ready run. */
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))
const ids = (receipts: readonly Receipt[]): readonly string[] => receipts.map(({ id }) => id)

describe('calls that come while others run', () => {
  it('go together, and each gets its own receipts, in order', async () => {
    const { runs, append } = manual()
    const gathered = gathering(append, 1)
    const calls = [['a'], ['b', 'c'], [], ['d']].map((lines) => gathered(lines))
    expect(runs.map(({ lines }) => lines)).toEqual([['a']])
    runs[0]?.end()
    await turn()
    expect(runs.map(({ lines }) => lines)).toEqual([['a'], ['b', 'c', 'd']])
    runs[1]?.end()
    expect((await Promise.all(calls)).map(ids)).toEqual([['a'], ['b', 'c'], [], ['d']])
  })

  it('are tried alone when they fail together, so that one harms no other', async () => {
    const { runs, append } = manual()
    const gathered = gathering(append, 1)
    const calls = [['a'], ['bad'], ['b']].map((lines) => gathered(lines))
    runs[0]?.end()
    await turn()
    runs[1]?.end(new Error('together'))
    await turn()
    expect(runs.slice(2).map(({ lines }) => lines)).toEqual([['bad'], ['b']])
    runs[2]?.end(new Error('alone'))
    runs[3]?.end()
    const results = await Promise.allSettled(calls)
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(results[1]).toMatchObject({ reason: new Error('alone') })
  })

  it('stay apart where they are large, and run side by side where there is a lane', async () => {
    const { runs, append } = manual()
    const gathered = gathering(append, 2)
    const large = Array.from({ length: 600 }, (_, index) => String(index))
    const calls = [['a'], ['b'], large, ['c'], ['d']].map((lines) => gathered(lines))
    expect(runs.map(({ lines }) => lines)).toEqual([['a'], ['b']])
    runs[0]?.end()
    await turn()
    runs[1]?.end()
    await turn()
    expect(runs.slice(2).map(({ lines }) => lines.length)).toEqual([600, 2])
    for (const run of runs.slice(2)) run.end()
    expect((await Promise.all(calls)).map((receipts) => receipts.length)).toEqual([1, 1, 600, 1, 1])
  })
})
