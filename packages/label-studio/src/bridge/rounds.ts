import type { Store } from './store.ts'

/** One look at a stretch of the predictions ledger for one project: who had a chance there, and how many were drawn. */
export interface Round {
  readonly task: string
  readonly project: string
  /** The stretch: lines after this position, up to that one. */
  readonly after: number
  readonly upto: number
  /** Predictions that could be picked: the population that the random picks stand for. */
  readonly eligible: number
  /** Of them drawn at random; each had the chance `drawn` ÷ `eligible`. */
  readonly drawn: number
}

export interface Rounds {
  /** @returns its number */
  add(round: Round): number
  /** All rounds of a task, oldest first, with their number. */
  of(task: string): readonly (Round & { readonly id: number; readonly recorded: number })[]
  /** When the last one of a task was, in milliseconds since 1970. */
  last(task: string): number | undefined
}

export function openRounds(store: Store): Rounds {
  const insert = store.prepare(`
    INSERT INTO rounds (task, project, after, upto, eligible, drawn, recorded) VALUES (?, ?, ?, ?, ?, ?, ?)`)
  const select = store.prepare(`
    SELECT id, task, project, after, upto, eligible, drawn, recorded FROM rounds WHERE task = ? ORDER BY id`)
  const last = store.prepare('SELECT max(recorded) AS last FROM rounds WHERE task = ?')
  return {
    add: ({ task, project, after, upto, eligible, drawn }) =>
      Number(insert.run(task, project, after, upto, eligible, drawn, store.now()).lastInsertRowid),
    of: (task) => select.all(task) as unknown as ReturnType<Rounds['of']>,
    last: (task) => (last.get(task)?.['last'] as number | null | undefined) ?? undefined,
  }
}
