import type { Store } from './store.ts'

/** Named places to go on from: in the register's ledgers, in the list of changes. */
export interface Positions {
  /** 0 for one that was never moved. */
  of(name: string): number
  /** Moves it there, back too. In a transaction of the caller with what was done up to there. */
  move(name: string, position: number): void
}

export function openPositions(store: Store): Positions {
  const select = store.prepare('SELECT position FROM positions WHERE name = ?')
  const upsert = store.prepare(`
    INSERT INTO positions VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET position = excluded.position`)
  return {
    of: (name) => (select.get(name)?.['position'] as number | undefined) ?? 0,
    move: (name, position) => void upsert.run(name, position),
  }
}
