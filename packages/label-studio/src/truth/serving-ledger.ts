import type { Store } from '../bridge/store.ts'

/**
 * Which tasks annotators are not to be asked about any more. `after` is the number of answers at which that was said:
 * another answer, of somebody who had the task open, makes the server serve it again, so it has to be said again.
 */
export interface Serving {
  readonly unit: number
  /** Absent: the task is to be served. */
  readonly after?: number
}

/** What is to be served, and what the server was told. Writing is within a transaction of the caller. */
export interface ServingLedger {
  /** After how many answers units are to be served no more, by the unit's number; those that are served are not in it. */
  stopped(): ReadonlyMap<number, number>
  want(unit: number, after: number | undefined): void
  /** Units of which the server was told something else. */
  waiting(limit: number): readonly Serving[]
  told(unit: number, after: number | undefined): void
  /** Forgets what the server was told: it does not know it any more, or not for sure. */
  forget(): void
}

export const SERVINGS = `
CREATE TABLE servings (
  unit INTEGER PRIMARY KEY REFERENCES units (id),
  wanted INTEGER,
  told INTEGER
) STRICT;
CREATE INDEX servings_waiting ON servings (unit) WHERE wanted IS NOT told;
`

export function openServingLedger(store: Store): ServingLedger {
  const stopped = store.prepare('SELECT unit, wanted FROM servings WHERE wanted IS NOT NULL')
  const want = store.prepare(`
    INSERT INTO servings (unit, wanted) VALUES (?, ?) ON CONFLICT (unit) DO UPDATE SET wanted = excluded.wanted`)
  const waiting = store.prepare('SELECT unit, wanted FROM servings WHERE wanted IS NOT told LIMIT ?')
  const tell = store.prepare('UPDATE servings SET told = ? WHERE unit = ?')
  const forget = store.prepare('UPDATE servings SET told = NULL')
  return {
    stopped: () => new Map((stopped.all() as { unit: number; wanted: number }[]).map((row) => [row.unit, row.wanted])),
    want: (unit, after) => void want.run(unit, after ?? null),
    waiting: (limit) =>
      (waiting.all(limit) as { unit: number; wanted: number | null }[]).map(({ unit, wanted }) => ({
        unit,
        ...(wanted !== null && { after: wanted }),
      })),
    told: (unit, after) => void tell.run(after ?? null, unit),
    forget: () => void forget.run(),
  }
}
