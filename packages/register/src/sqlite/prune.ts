import type { Ledger, OutcomeState, TrackingId, Verdict } from '@groundtrace/core'
import type { Pruned, PruneMark, Pruning } from '../checked-register.ts'
import type { PredictionKeys } from './keys/prediction-keys.ts'
import type { Lineage } from './lineage.ts'
import type { Positions } from './positions.ts'
import type { Retention } from './retention.ts'
import type { Store } from './store.ts'
import type { TallyTable } from './tallies.ts'
import type { Tasks } from './tasks.ts'

/** Predictions that are looked at in one transaction. */
const STEP = 500

/** Before the first moment that a date can tell (ECMA-262). */
const BEGINNING = -8.64e15

/** No task; and after every task. */
const NONE = -1
const END = Number.MAX_SAFE_INTEGER

interface Parts {
  readonly tasks: Tasks
  readonly keys: PredictionKeys
  readonly lineage: Lineage
  readonly tallies: TallyTable
  readonly retention: Retention
  readonly positions: Positions
}

interface CandidateRow {
  readonly position: number
  readonly id: TrackingId
  readonly whole: string | null
  readonly time: number
  readonly outcome_version: number
}

/** Looks at some of what may be pruned, and prunes what may. */
export type Prune = (pruning: Pruning) => Pruned

/** After the last one that was looked at; where that was all of a task, the next task; at the very end, what is left over. */
function nextAfter(task: number, later: number | undefined, looked: readonly CandidateRow[], most: number): PruneMark {
  const last = looked.at(-1)
  if (last !== undefined && looked.length === most) return { task, time: last.time, position: last.position }
  return { task: later ?? END, time: BEGINNING, position: 0 }
}

export function pruning(store: Store, parts: Parts): Prune {
  const { tasks, keys, lineage, tallies, retention, positions } = parts
  const selectCandidates = store.prepare(`
    SELECT position, id, whole, time, outcome_version FROM predictions
    WHERE closed = 1 AND task = ? AND time < ? AND time >= ? AND (time > ? OR position > ?)
    ORDER BY time, position LIMIT ?`)
  const selectRead = store.prepare('SELECT min(position) AS read FROM cursors WHERE ledger = ?')
  const selectLastSaid = store.prepare('SELECT max(position) AS last FROM feedback WHERE prediction = ?')
  const selectLastOutcome = store.prepare('SELECT max(position) AS last FROM outcomes WHERE prediction = ?')
  const selectState = store.prepare('SELECT verdict_json FROM outcomes WHERE prediction = ? AND version = ?')
  const selectHeld = store.prepare('SELECT count(*) AS lines, sum(held) AS held FROM feedback WHERE prediction = ?')
  const removePayloads = store.prepare(`
    DELETE FROM feedback_payloads WHERE id IN (SELECT payload FROM feedback WHERE prediction = ? AND payload IS NOT NULL)`)
  const removals = [
    'DELETE FROM feedback WHERE prediction = ?',
    'DELETE FROM outcomes WHERE prediction = ?',
    'DELETE FROM prediction_payloads WHERE position = ?',
    'DELETE FROM predictions WHERE position = ?',
  ].map((sql) => store.prepare(sql))

  /** How far every cursor has read a ledger. */
  const readOf = (ledger: Ledger): number =>
    (selectRead.get(ledger)?.['read'] as number | null) ?? Number.POSITIVE_INFINITY

  /** Every cursor has read the prediction and all that is about it. */
  function readThrough(): (candidate: CandidateRow) => boolean {
    const [lines, said, outcomes] = [readOf('predictions'), readOf('feedback'), readOf('outcomes')]
    return ({ position }) =>
      position <= lines &&
      ((selectLastSaid.get(position)?.['last'] as number | null) ?? 0) <= said &&
      ((selectLastOutcome.get(position)?.['last'] as number | null) ?? 0) <= outcomes
  }

  /** What was counted of a prediction is from now on counted as pruned. */
  function count({ position, whole, outcome_version: version }: CandidateRow): void {
    const { lines, held } = selectHeld.get(position) as { lines: number; held: number | null }
    tallies.add('pruned.feedback.joined', lines)
    tallies.add('pruned.feedback.held', held ?? 0)
    tallies.add(whole === null ? 'pruned.predictions' : 'pruned.members', 1)
    if (whole !== null || version === 0) return
    const { state } = JSON.parse(selectState.get(position, version)?.['verdict_json'] as string) as Verdict
    tallies.add('pruned.predictions.with-outcome', 1)
    tallies.add(`pruned.outcomes.${state satisfies OutcomeState}`, 1)
  }

  function remove(candidate: CandidateRow): void {
    count(candidate)
    lineage.lose('pruned', candidate.id)
    removePayloads.run(candidate.position)
    for (const removal of removals) removal.run(candidate.position)
  }

  /** The task to look at, and the one after it. */
  function tasksFrom(named: string | undefined, from: number): readonly number[] {
    const ids = named === undefined ? tasks.ids() : [tasks.named(named)?.id ?? NONE]
    return ids.filter((task) => task >= from)
  }

  function step({ before, task: named, limit, after }: Pruning): Pruned {
    const [task, later] = tasksFrom(named, after?.task ?? 0)
    if (after === undefined && (named === undefined || task !== undefined)) {
      retention.prune(named === undefined ? undefined : task, before)
    }
    if (task === undefined) {
      keys.dropGone()
      return { predictions: 0, next: undefined }
    }
    const { time, position } = after?.task === task ? after : { time: BEGINNING, position: 0 }
    const most = Math.min(limit, STEP)
    const candidates = selectCandidates.all(task, before, time, time, position, most) as unknown as CandidateRow[]
    const gone = candidates.filter(readThrough())
    if (gone.length > 0) for (const ledger of ['predictions', 'feedback', 'outcomes'] as const) positions.keep(ledger)
    for (const candidate of gone) remove(candidate)
    return { predictions: gone.length, next: nextAfter(task, later, candidates, most) }
  }

  return (given) => store.write(() => step(given))
}
