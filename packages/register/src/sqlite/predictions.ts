import type { Model, Prediction, Task, TrackingId } from '@groundtrace/core'
import { MOST_BY_KEY, type KeyedPrediction, type KeyTarget, type Subject, type Subjects } from '../decide/books.ts'
import { expectValue } from '../decide/task-rules.ts'
import { inOrder, MOST_INSIDE, namesOf, sharing } from '../decide/inside.ts'
import { parsedJson } from '../json-column.ts'
import {
  decodePrediction,
  isEmptyPayload,
  NO_PAYLOAD,
  samePrediction,
  withPayload,
  type PredictionPayload,
  type PredictionRow,
} from '../prediction-row.ts'
import { conflictReason, refusal, type Judgement } from '../receipt.ts'
import type { Consent } from '../decide/books.ts'
import type { Keyed, PredictionKeys } from './keys/prediction-keys.ts'
import { prunedReason } from '../retention.ts'
import type { OpenBlocks } from './open-blocks.ts'
import type { Positions } from './positions.ts'
import type { PredictionLine, PredictionLines } from './prediction-lines.ts'
import type { Retention } from './retention.ts'
import type { Store } from './store.ts'
import type { TallyTable } from './tallies.ts'
import type { Tasks } from './tasks.ts'
import type { Versions } from './versions.ts'

export interface Predictions extends Subjects {
  /** Position of the last line. */
  last(): number
  position(id: TrackingId): number | undefined
  /** One judgement a line, in order. */
  append(lines: PredictionLines): readonly Judgement[]
  /** It had a payload, and nothing of that is left. */
  isErased(id: TrackingId): boolean
  /** With its payload. */
  find(id: TrackingId): Prediction | undefined
  decode(row: WholeRow): Prediction
  ofTrace(traceId: string): readonly TrackingId[]
  /** Those made right inside of one, without payload. */
  inside(id: TrackingId): readonly Prediction[]
  /** Those that share the truth of a whole, without payload. */
  membersOf(whole: Prediction): readonly Prediction[]
}

const COLUMNS = [
  'id',
  'task',
  'version',
  'time',
  'horizon_seconds',
  'value_json',
  'scores_json',
  'slices_json',
  'entity',
  'policy_json',
  'latency_seconds',
  'error',
  'parent',
  'whole',
]

/** The columns of a {@link LedgerRow}, of the table under the alias `p`. */
export const PREDICTION_COLUMNS = COLUMNS.map((column) => `p.${column}`).join(', ')

type LedgerRow = PredictionRow & { readonly task: number; readonly version: number }
type SubjectRow = LedgerRow & {
  readonly position: number
  readonly outcome_version: number
  readonly closed: number
}
/** A prediction with its payload; `payload` is NULL when it never had one. */
export type WholeRow = LedgerRow & PredictionPayload & { readonly payload: number | null }

/** The payload of a {@link WholeRow}, of the table under the alias `payload`. */
export const PAYLOAD_COLUMNS = 'payload.position AS payload, payload.user_json, payload.features_json'

const STORED: Judgement = { status: 'stored' }
const DUPLICATE: Judgement = { status: 'duplicate' }
const CONFLICT: Judgement = { status: 'conflict', reason: conflictReason('prediction') }

/** What a prediction is found by. */
type KeysRow = Omit<Keyed, 'position' | 'user'> & { readonly version: number }

interface Parts {
  readonly keys: PredictionKeys
  readonly blocks: OpenBlocks
  readonly tasks: Tasks
  readonly versions: Versions
  readonly tallies: TallyTable
  readonly consent: Consent
  readonly retention: Retention
  readonly positions: Positions
}

export function predictionTable(
  store: Store,
  { keys, blocks, tasks, versions, tallies, consent, retention, positions }: Parts,
): Predictions {
  const insert = store.prepare(`
    INSERT INTO predictions (position, ${COLUMNS.join(', ')}, recorded)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const insertPayload = store.prepare(
    'INSERT INTO prediction_payloads (position, user_json, features_json) VALUES (?, ?, ?)',
  )
  const select = store.prepare(`
    SELECT ${PREDICTION_COLUMNS}, ${PAYLOAD_COLUMNS}
    FROM predictions p LEFT JOIN prediction_payloads payload ON payload.position = p.position
    WHERE p.position = ?`)
  const selectErased = store.prepare(
    'SELECT user_json IS NULL AND features_json IS NULL AS erased FROM prediction_payloads WHERE position = ?',
  )
  const selectSubjectAt = store.prepare(`
    SELECT ${PREDICTION_COLUMNS}, p.position, p.outcome_version, p.closed FROM predictions p WHERE p.position = ?`)
  const selectLast = store.prepare('SELECT coalesce(max(position), 0) AS last FROM predictions')
  const selectKeys = store.prepare('SELECT id, task, version, time, entity FROM predictions WHERE position = ?')

  const keysAt = (position: number): KeysRow | undefined => selectKeys.get(position) as unknown as KeysRow | undefined

  const positionOf = (id: TrackingId): number | undefined =>
    keys.ofId(id).find((position) => keysAt(position)?.id === id)

  const selectInside = store.prepare(
    `SELECT ${PREDICTION_COLUMNS} FROM predictions p WHERE p.parent = ? ORDER BY p.position LIMIT ${MOST_INSIDE}`,
  )
  const selectMembers = store.prepare(
    `SELECT ${PREDICTION_COLUMNS} FROM predictions p WHERE p.whole = ? ORDER BY p.position LIMIT ${MOST_INSIDE}`,
  )

  const decode = (row: LedgerRow): Prediction =>
    decodePrediction(row, tasks.madeWith(row.task, row.horizon_seconds), versions.of(row.version))
  const decoded = (rows: readonly unknown[]): readonly Prediction[] => rows.map((row) => decode(row as LedgerRow))
  const decodeWhole = (row: WholeRow): Prediction => withPayload(decode(row), row)

  /** Writes a line that is not there yet, unless it is older than what is kept. */
  function write(line: PredictionLine, { tasks: named, models }: PredictionLines, recorded: number): Judgement {
    const task = named[line.task] as Task
    const { row } = line
    const reading = tasks.reading(task)
    if (reading.checkValue) expectValue(reading, parsedJson(row.value_json) as Prediction['value'])
    const kept = retention.before(reading.known.id)
    if (row.time < kept) return { status: 'rejected', reason: prunedReason(task.name, kept) }
    const withheld =
      line.payload.user_json !== null && consent.isWithdrawn(parsedJson(line.payload.user_json) as string)
    const payload = withheld ? NO_PAYLOAD : line.payload
    const version = versions.idOfBrought(models[line.model] as Model)
    const position = positions.next('predictions')
    insert.run(
      position,
      row.id,
      reading.known.id,
      version,
      row.time,
      row.horizon_seconds,
      row.value_json,
      row.scores_json,
      row.slices_json,
      row.entity,
      row.policy_json,
      row.latency_seconds,
      row.error,
      row.parent,
      row.whole,
      recorded,
    )
    if (withheld) tallies.add('payloads.withheld', 1)
    if (withheld || !isEmptyPayload(payload)) insertPayload.run(position, payload.user_json, payload.features_json)
    // Of a business key the whole is meant, so a member is not found by it.
    const entity = row.whole === null ? row.entity : null
    keys.add({ position, id: row.id, task: reading.known.id, time: row.time, entity, user: payload.user_json })
    blocks.add(position, row.time + row.horizon_seconds * 1000)
    versions.count(version, 1)
    tallies.add(row.whole === null ? 'predictions' : 'members', 1)
    return STORED
  }

  function isKept(line: PredictionLine, { tasks: named, models }: PredictionLines, position: number): boolean {
    const kept = select.get(position) as unknown as WholeRow
    const given = decodePrediction(line.row, named[line.task] as Task, models[line.model] as Model)
    return samePrediction(
      decodeWhole(kept),
      withPayload(given, line.payload),
      kept.payload !== null && isEmptyPayload(kept),
    )
  }

  function appendOne(line: PredictionLine, lines: PredictionLines, recorded: number): Judgement {
    try {
      const position = positionOf(line.row.id)
      if (position === undefined) return write(line, lines, recorded)
      return isKept(line, lines, position) ? DUPLICATE : CONFLICT
    } catch (error) {
      return { status: 'rejected', reason: refusal(error) }
    }
  }

  function latestByKey({ entity, task }: KeyTarget, atMost: number): readonly KeyedPrediction[] {
    const known = tasks.named(task)
    if (known === undefined) return []
    const found = keys.latest({ task: known.id, entity, atMost }, MOST_BY_KEY).flatMap((position) => {
      const row = keysAt(position)
      if (row?.entity !== entity || row.task !== known.id) return []
      return { model: versions.of(row.version).name, position, ...row }
    })
    return found.sort((a, b) => b.time - a.time || (a.id < b.id ? 1 : -1))
  }

  function subjectOf(row: unknown): Subject {
    const { position, outcome_version: outcomeVersion, closed } = row as SubjectRow
    return { position, prediction: decode(row as SubjectRow), outcomeVersion, closed: closed === 1 }
  }

  return {
    last: () => selectLast.get()?.['last'] as number,
    append(lines) {
      const recorded = store.now()
      return lines.lines.map((line) => appendOne(line, lines, recorded))
    },
    position: positionOf,
    isErased(id) {
      const position = positionOf(id)
      return position !== undefined && selectErased.get(position)?.['erased'] === 1
    },
    find(id) {
      const position = positionOf(id)
      return position === undefined ? undefined : decodeWhole(select.get(position) as unknown as WholeRow)
    },
    subject(id) {
      for (const position of keys.ofId(id)) {
        const row = selectSubjectAt.get(position)
        if (row?.['id'] === id) return subjectOf(row)
      }
      return undefined
    },
    decode: decodeWhole,
    latestByKey,
    subjectAt: (position) => subjectOf(selectSubjectAt.get(position)),
    inside: (id) => inOrder(namesOf(id).flatMap((name) => decoded(selectInside.all(name)))),
    membersOf: (whole) =>
      sharing(
        whole,
        namesOf(whole.id).flatMap((name) => decoded(selectMembers.all(name))),
      ),
    ofTrace(traceId) {
      const found = keys.ofTrace(traceId).flatMap((position) => {
        const row = keysAt(position)
        return row?.id.startsWith(`${traceId}-`) === true ? [{ ...row, position }] : []
      })
      return found.sort((a, b) => a.time - b.time || a.position - b.position).map(({ id }) => id)
    },
  }
}
