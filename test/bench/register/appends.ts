import { join } from 'node:path'
import type { Prediction, Register } from '@groundtrace/core'
import { openSqliteRegister } from '@groundtrace/register'
import { bareTable } from './bare-table.ts'
import { predictions, TASK } from './material.ts'

/** Lines a call, and a commit. */
const BATCH = 1000
/** Lines that one store appends before it is the next one's turn. */
const TURN = 25_000

export interface AppendTimes {
  /** Nanoseconds a line of each turn. */
  readonly ours: readonly number[]
  readonly bare: readonly number[]
  readonly indexed: readonly number[]
}

const batches = (lines: readonly Prediction[]): readonly (readonly Prediction[])[] =>
  Array.from({ length: Math.ceil(lines.length / BATCH) }, (_, at) => lines.slice(at * BATCH, (at + 1) * BATCH))

/** What a register is asked for after it was filled. */
export type Ask = (register: Register) => Promise<void>

/**
 * Appends the same lines to a register, to a bare table without an index of IDs, and to one with; in turns, so that all grow
 * together and meet the same noise. The calls to the register follow each other without a pause, as a queue sends them.
 * @param indexed lines that the table with the index gets; it slows down with its size
 */
export async function timeAppends(
  folder: string,
  { lines, indexed }: { readonly lines: number; readonly indexed: number },
  say: (text: string) => void,
  ask: Ask,
): Promise<AppendTimes> {
  const register = openSqliteRegister({ path: join(folder, 'ours.db'), tasks: [TASK] })
  const bare = bareTable(join(folder, 'bare.db'), { unique: false })
  const withIndex = bareTable(join(folder, 'indexed.db'), { unique: true })
  const times = { ours: [] as number[], bare: [] as number[], indexed: [] as number[] }
  for (let from = 0; from < lines; from += TURN) {
    const calls = batches(predictions(from, Math.min(from + TURN, lines)))
    const count = calls.reduce((total, call) => total + call.length, 0)
    const timed = async (work: () => Promise<void> | void): Promise<number> => {
      const started = performance.now()
      await work()
      return ((performance.now() - started) * 1e6) / count
    }
    times.ours.push(
      await timed(async () => {
        const receipts = await Promise.all(calls.map((call) => register.appendPredictions(call)))
        const stored = receipts.flat().filter(({ status }) => status === 'stored').length
        if (stored !== count) throw new Error(`Of ${count} predictions ${stored} were stored`)
      }),
    )
    times.bare.push(await timed(() => calls.forEach((call) => bare.append(call))))
    if (from < indexed) times.indexed.push(await timed(() => calls.forEach((call) => withIndex.append(call))))
    if ((from / TURN) % 8 === 7) say(`${from + TURN} predictions: ${(times.ours.at(-1) ?? 0).toFixed(0)} ns each`)
  }
  await ask(register)
  await register.close()
  bare.close()
  withIndex.close()
  return times
}
