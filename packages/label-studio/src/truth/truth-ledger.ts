import type { TrackingId } from '@groundtrace/core'
import type { Store } from '../bridge/store.ts'
import type { CrowdChoice } from './consensus-choice.ts'
import type { CrowdVerdict } from './crowd-verdict.ts'
import type { ExpertVerdict } from './expert-verdict.ts'
import type { TruthStage, UnitTruth } from './truth-line.ts'

/** A change of what is held of a unit. */
export interface TruthRecord {
  readonly stage: TruthStage
  readonly label?: string
  /** Lines about the unit that had been made for the register by then. */
  readonly version: number
  /** ID of the last of them. */
  readonly feedback?: TrackingId
  /** What this change said to the register. */
  readonly said?: 'annotation' | 'retraction'
  /** What it follows from: votes, posterior, method, and why it is not settled. It names nobody. */
  readonly verdict: CrowdVerdict | ExpertVerdict
  /** Number of the fit that it rests on, where there was one. */
  readonly fit?: number
  /** Milliseconds since 1970. */
  readonly recorded: number
}

/** How the answers of a crowd were put together, and when. */
export interface TruthFit {
  readonly id: number
  readonly project: string
  readonly choice: CrowdChoice
  readonly recorded: number
}

/** An answer that is to be marked on the server, or is not to be any more. */
export interface Mark {
  readonly unit: number
  readonly wanted?: number
  readonly marked?: number
}

/** What is held to be true of units, and how it came about. Writing is within a transaction of the caller. */
export interface TruthLedger {
  /** What is held now, by the unit's number. What was never held anything of is not in it. */
  standing(): ReadonlyMap<number, UnitTruth>
  /** Units whose last line the register calls a conflict. */
  conflicts(): readonly number[]
  /** All changes of a unit, oldest first. */
  of(unit: number): readonly TruthRecord[]
  append(unit: number, record: Omit<TruthRecord, 'recorded'>): void
  /** @returns its number */
  addFit(project: string, choice: CrowdChoice): number
  /** The last fit of a project that something followed from. */
  lastFit(project: string): TruthFit | undefined
  /** Which answer is to be marked, by the unit's number. */
  wanted(): ReadonlyMap<number, number>
  want(unit: number, answer: number | undefined): void
  /** Units whose mark on the server is not the one that is wanted. */
  waiting(limit: number): readonly Mark[]
  marked(unit: number, answer: number | undefined): void
  /** Forgets what is marked: the server does not have it any more, or not for sure. */
  forgetMarks(): void
  /** How many units stand how, by project. */
  counts(): readonly { readonly project: string; readonly stage: TruthStage; readonly units: number }[]
  /** How many lines were made for the register, by project. */
  said(): readonly { readonly project: string; readonly said: 'annotation' | 'retraction'; readonly lines: number }[]
}

interface Row {
  readonly unit: number
  readonly stage: TruthStage
  readonly label: string | null
  readonly version: number
  readonly feedback: TrackingId | null
  readonly said: 'annotation' | 'retraction' | null
  readonly verdict_json: string
  readonly fit: number | null
  readonly recorded: number
}

function truthOf({ stage, label, version, feedback, conflict }: Row & { readonly conflict: number }): UnitTruth {
  if (feedback === null || (stage !== 'settled' && conflict === 0)) return { stage, version }
  return { stage, version, standing: { id: feedback, ...(conflict === 0 && label !== null && { label }) } }
}

function recordOf({ stage, label, version, feedback, said, verdict_json: json, fit, recorded }: Row): TruthRecord {
  return {
    stage,
    ...(label !== null && { label }),
    version,
    ...(feedback !== null && { feedback }),
    ...(said !== null && { said }),
    verdict: JSON.parse(json) as TruthRecord['verdict'],
    ...(fit !== null && { fit }),
    recorded,
  }
}

export function openTruthLedger(store: Store): TruthLedger {
  const last = '(SELECT max(position) FROM truths GROUP BY unit)'
  const standing = store.prepare(`
    SELECT t.*, EXISTS (SELECT 1 FROM feedback f WHERE f.id = t.feedback AND f.status = 'conflict') AS conflict
    FROM truths t WHERE t.position IN ${last}`)
  const conflicts = store.prepare(`
    SELECT t.unit FROM feedback f JOIN truths t ON t.feedback = f.id
    WHERE f.status = 'conflict' AND t.position = (SELECT max(position) FROM truths o WHERE o.unit = t.unit)`)
  const ofUnit = store.prepare('SELECT * FROM truths WHERE unit = ? ORDER BY position')
  const append = store.prepare(`
    INSERT INTO truths (unit, stage, label, version, feedback, said, verdict_json, fit, recorded)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const addFit = store.prepare('INSERT INTO fits (project, method, choice_json, recorded) VALUES (?, ?, ?, ?)')
  const lastFit = store.prepare(`
    SELECT id, project, choice_json, recorded FROM fits WHERE project = ? ORDER BY id DESC LIMIT 1`)
  const wanted = store.prepare('SELECT unit, wanted FROM marks WHERE wanted IS NOT NULL')
  const want = store.prepare(`
    INSERT INTO marks (unit, wanted) VALUES (?, ?) ON CONFLICT (unit) DO UPDATE SET wanted = excluded.wanted`)
  const waiting = store.prepare('SELECT unit, wanted, marked FROM marks WHERE wanted IS NOT marked LIMIT ?')
  const forget = store.prepare('UPDATE marks SET marked = NULL')
  const mark = store.prepare('UPDATE marks SET marked = ? WHERE unit = ?')
  const counts = store.prepare(`
    SELECT u.project, t.stage, count(*) AS units FROM truths t JOIN units u ON u.id = t.unit
    WHERE t.position IN ${last} GROUP BY u.project, t.stage ORDER BY u.project, t.stage`)
  const said = store.prepare(`
    SELECT u.project, t.said, count(*) AS lines FROM truths t JOIN units u ON u.id = t.unit
    WHERE t.said IS NOT NULL GROUP BY u.project, t.said ORDER BY u.project, t.said`)

  return {
    standing: () =>
      new Map((standing.all() as unknown as Parameters<typeof truthOf>[0][]).map((row) => [row.unit, truthOf(row)])),
    conflicts: () => conflicts.all().map((row) => row['unit'] as number),
    of: (unit) => (ofUnit.all(unit) as unknown as Row[]).map(recordOf),
    append(unit, { stage, label, version, feedback, said: what, verdict, fit }) {
      const values = [
        unit,
        stage,
        label ?? null,
        version,
        feedback ?? null,
        what ?? null,
        JSON.stringify(verdict),
      ] as const
      append.run(...values, fit ?? null, store.now())
    },
    addFit: (project, choice) =>
      Number(addFit.run(project, choice.method, JSON.stringify(choice), store.now()).lastInsertRowid),
    lastFit(project) {
      const row = lastFit.get(project)
      if (row === undefined) return undefined
      const { id, choice_json: json, recorded } = row as { id: number; choice_json: string; recorded: number }
      return { id, project, choice: JSON.parse(json) as CrowdChoice, recorded }
    },
    wanted: () => new Map((wanted.all() as { unit: number; wanted: number }[]).map((row) => [row.unit, row.wanted])),
    want: (unit, answer) => void want.run(unit, answer ?? null),
    waiting: (limit) =>
      (waiting.all(limit) as { unit: number; wanted: number | null; marked: number | null }[]).map((row) => ({
        unit: row.unit,
        ...(row.wanted !== null && { wanted: row.wanted }),
        ...(row.marked !== null && { marked: row.marked }),
      })),
    forgetMarks: () => void forget.run(),
    marked: (unit, answer) => void mark.run(answer ?? null, unit),
    counts: () => counts.all() as unknown as ReturnType<TruthLedger['counts']>,
    said: () => said.all() as unknown as ReturnType<TruthLedger['said']>,
  }
}
