import type { Store } from './store.ts'

/** What is known of a project on the server; server's words but for `swept`. */
export interface ProjectState {
  /** ID on the server. */
  readonly server: number
  /** When a task was last touched, as of when all that had been touched was read: reading goes on from a little before it. */
  readonly mark?: string
  /** When all of it was last read, in milliseconds since 1970. */
  readonly swept?: number
  /** Why all of it has to be read at once. */
  readonly sweepFor?: SweepReason
}

/**
 * - `server-went-back`: something there is older than it was when it was read last.
 * - `tasks-differ`: a unit has another task than the one that is known, or more than one.
 */
export type SweepReason = 'server-went-back' | 'tasks-differ'

interface Row {
  readonly server: number
  readonly mark: string | null
  readonly swept: number | null
  readonly sweep_for: SweepReason | null
}

export interface Projects {
  state(name: string): ProjectState | undefined
  names(): readonly string[]
  /** Says which project on the server it is; another one than before starts with no marks. @returns false when it replaced one */
  bind(name: string, server: number): boolean
  markAt(name: string, mark: string): void
  /** A sweep is due; the first reason stays. */
  askSweep(name: string, why: SweepReason): void
  /** All of it was read. */
  swept(name: string, mark: string | undefined): void
}

export function openProjects(store: Store): Projects {
  const select = store.prepare('SELECT server, mark, swept, sweep_for FROM projects WHERE name = ?')
  const names = store.prepare('SELECT name FROM projects ORDER BY name')
  const insert = store.prepare('INSERT INTO projects (name, server) VALUES (?, ?)')
  const replace = store.prepare(`
    UPDATE projects SET server = ?, mark = NULL, swept = NULL, sweep_for = NULL WHERE name = ?`)
  const mark = store.prepare('UPDATE projects SET mark = ? WHERE name = ?')
  const ask = store.prepare('UPDATE projects SET sweep_for = ? WHERE name = ? AND sweep_for IS NULL')
  const sweep = store.prepare('UPDATE projects SET swept = ?, sweep_for = NULL, mark = ? WHERE name = ?')

  function state(name: string): ProjectState | undefined {
    const row = select.get(name) as unknown as Row | undefined
    if (row === undefined) return undefined
    return {
      server: row.server,
      ...(row.mark !== null && { mark: row.mark }),
      ...(row.swept !== null && { swept: row.swept }),
      ...(row.sweep_for !== null && { sweepFor: row.sweep_for }),
    }
  }

  return {
    state,
    names: () => names.all().map((row) => row['name'] as string),
    bind(name, server) {
      const known = state(name)
      if (known?.server === server) return true
      if (known === undefined) insert.run(name, server)
      else replace.run(server, name)
      return known === undefined
    },
    markAt: (name, value) => void mark.run(value, name),
    askSweep: (name, why) => void ask.run(why, name),
    swept: (name, value) => void sweep.run(store.now(), value ?? null, name),
  }
}
