import type { Store } from './store.ts'
import type { AnswerContent, AnswerReading } from './reading.ts'

/**
 * What happened to an answer.
 * - `given`: it was read for the first time, a skip too.
 * - `changed`: its content reads otherwise than before.
 * - `deleted`: it is no longer on the server, and was deleted there.
 * - `kept`: it is no longer on the server, but nobody took it back: its task was deleted, or the server was restored from a
 *   backup that is older. It stands.
 * - `back`: it was deleted or kept, and is on the server again.
 */
export const CHANGE_KINDS = ['given', 'changed', 'deleted', 'kept', 'back'] as const
export type ChangeKind = (typeof CHANGE_KINDS)[number]

/** An answer as it stands here. */
export interface LedgerAnswer {
  readonly id: number
  readonly unit: number
  /** Its ID on the server, which may be that of another one later; together with `created` it is one of a unit. */
  readonly annotation: number
  readonly created: string
  /** When the server last touched it, as far as was read. */
  readonly updated: string
  /** When that was read, in milliseconds since 1970, by the clock here. */
  readonly read: number
  /** What happened to it last. */
  readonly kind: ChangeKind
  readonly content: AnswerContent
}

/** A line of the ledger of answers. */
export interface LedgerChange extends LedgerAnswer {
  readonly position: number
  /** When it was written here, in milliseconds since 1970. */
  readonly recorded: number
}

export interface AnswerLedger {
  /** The answers of a unit as they stand, in the order in which they were first read. */
  of(unit: number): readonly LedgerAnswer[]
  /** Takes an answer as it was just read. @returns what happened to it, if anything */
  take(unit: number, reading: AnswerReading): ChangeKind | undefined
  /** An answer is not on the server any more. */
  end(answer: LedgerAnswer, kind: 'deleted' | 'kept'): void
  /**
   * Whether the server has given the number of this answer, or a lower one, to one that it says was made later. It counts
   * annotations upwards, and never gives the number of a deleted one again: so its count has gone back.
   */
  wasReissued(project: string, answer: LedgerAnswer): boolean
  /** Lines after a position, in the order in which they came about. */
  changes(after: number, limit: number): readonly LedgerChange[]
  /** All lines about a unit. */
  history(unit: number): readonly LedgerChange[]
  last(): number
  counts(): readonly { readonly kind: ChangeKind; readonly answers: number }[]
}

interface Row extends Omit<LedgerChange, 'content'> {
  readonly content_json: string
}

const changeOf = ({ content_json: json, ...rest }: Row): LedgerChange => ({
  ...rest,
  content: JSON.parse(json) as AnswerContent,
})

/** Whether the server has it, as far as is known. */
export const isOnServer = ({ kind }: LedgerAnswer): boolean => kind !== 'deleted' && kind !== 'kept'

/** What a reading makes of an answer that is known; undefined when it says what it said. */
function news(known: Row, json: string): ChangeKind | undefined {
  if (!isOnServer(changeOf(known))) return 'back'
  return known.content_json === json ? undefined : 'changed'
}

export function openAnswerLedger(store: Store): AnswerLedger {
  const columns = `a.id, a.unit, a.annotation, a.created, a.updated, a.read, c.kind, c.content_json, c.position, c.recorded`
  const standing = store.prepare(`
    SELECT ${columns} FROM answers a JOIN changes c ON c.position = a.standing WHERE a.unit = ? ORDER BY a.id`)
  const one = store.prepare(`
    SELECT ${columns} FROM answers a JOIN changes c ON c.position = a.standing
    WHERE a.unit = ? AND a.annotation = ? AND a.created = ?`)
  const after = store.prepare(`
    SELECT ${columns} FROM changes c JOIN answers a ON a.id = c.answer WHERE c.position > ? ORDER BY c.position LIMIT ?`)
  const history = store.prepare(`
    SELECT ${columns} FROM answers a JOIN changes c ON c.answer = a.id WHERE a.unit = ? ORDER BY c.position`)
  const last = store.prepare('SELECT max(position) AS last FROM changes')
  const counts = store.prepare(`
    SELECT c.kind, count(*) AS answers FROM answers a JOIN changes c ON c.position = a.standing GROUP BY c.kind`)
  const reissued = store.prepare(`
    SELECT 1 FROM answers a JOIN units u ON u.id = a.unit
    WHERE u.project = ? AND a.annotation <= ? AND a.created > ? LIMIT 1`)
  const insert = store.prepare(`
    INSERT INTO answers (unit, annotation, created, updated, read, standing) VALUES (?, ?, ?, ?, ?, 0)`)
  const append = store.prepare(`
    INSERT INTO changes (answer, kind, updated, content_json, recorded) VALUES (?, ?, ?, ?, ?)`)
  const point = store.prepare('UPDATE answers SET standing = ? WHERE id = ?')
  const stamp = store.prepare('UPDATE answers SET updated = ?, read = ? WHERE id = ?')

  function change(answer: number, kind: ChangeKind, updated: string, json: string): void {
    const { lastInsertRowid } = append.run(answer, kind, updated, json, store.now())
    point.run(Number(lastInsertRowid), answer)
  }

  return {
    of: (unit) => (standing.all(unit) as unknown as Row[]).map(changeOf),
    take(unit, { annotation, created, updated, content }) {
      const json = JSON.stringify(content)
      const known = one.get(unit, annotation, created) as unknown as Row | undefined
      if (known === undefined) {
        const { lastInsertRowid } = insert.run(unit, annotation, created, updated, store.now())
        change(Number(lastInsertRowid), 'given', updated, json)
        return 'given'
      }
      const kind = news(known, json)
      if (kind !== undefined) change(known.id, kind, updated, json)
      if (known.updated !== updated) stamp.run(updated, store.now(), known.id)
      return kind
    },
    end: ({ id, updated, content }, kind) => change(id, kind, updated, JSON.stringify(content)),
    wasReissued: (project, { annotation, created }) => reissued.get(project, annotation, created) !== undefined,
    changes: (position, limit) => (after.all(position, limit) as unknown as Row[]).map(changeOf),
    history: (unit) => (history.all(unit) as unknown as Row[]).map(changeOf),
    last: () => (last.get()?.['last'] as number | null) ?? 0,
    counts: () => counts.all() as unknown as ReturnType<AnswerLedger['counts']>,
  }
}
