import type { Store } from './store.ts'

/**
 * What does not add up between here and the server.
 * - `restored`: the server is older than what was read from it; `answers` of it are kept here alone, `units` are sent again.
 * - `tasks-deleted`: somebody deleted tasks; their answers are kept.
 * - `project-replaced`: the plan names another project than before; its units are sent to that one.
 * - `doubled`: a unit has a second task on the server; answers on both count for it.
 */
export const GAP_KINDS = ['restored', 'tasks-deleted', 'project-replaced', 'doubled'] as const
export type GapKind = (typeof GAP_KINDS)[number]

export interface Gap {
  readonly project: string
  readonly kind: GapKind
  /** Units and answers that it is about. */
  readonly units: number
  readonly answers: number
  /** In words, for an operator. */
  readonly detail: string
}

export interface Gaps {
  add(gap: Gap): void
  /** Oldest first; the newest `limit`, default 100. */
  latest(limit?: number): readonly (Gap & { readonly recorded: number })[]
  counts(): readonly { readonly project: string; readonly kind: GapKind; readonly gaps: number }[]
}

export function openGaps(store: Store): Gaps {
  const insert = store.prepare(`
    INSERT INTO gaps (project, kind, units, answers, detail, recorded) VALUES (?, ?, ?, ?, ?, ?)`)
  const latest = store.prepare(`
    SELECT project, kind, units, answers, detail, recorded FROM gaps ORDER BY id DESC LIMIT ?`)
  const counts = store.prepare(`
    SELECT project, kind, count(*) AS gaps FROM gaps GROUP BY project, kind ORDER BY project, kind`)
  return {
    add: ({ project, kind, units, answers, detail }) =>
      void insert.run(project, kind, units, answers, detail, store.now()),
    latest: (limit = 100) => (latest.all(limit) as unknown as ReturnType<Gaps['latest']>).toReversed(),
    counts: () => counts.all() as unknown as ReturnType<Gaps['counts']>,
  }
}
