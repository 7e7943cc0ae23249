import type { TrackingId, Verdict } from '@groundtrace/core'
import type { Pruned, PruneMark, Pruning } from '../checked-register.ts'
import type { Tally } from '../decide/books.ts'
import type { Database, Statement } from './database.ts'
import { beginning, taskNews } from './decisions.ts'
import { Needs } from './needs.ts'
import { ALL_TASKS, type Tasks } from './tasks.ts'
import { addingTallies } from './write.ts'

/** Predictions that are looked at in one transaction. */
const STEP = 500

/** Before the first moment that a date can tell (ECMA-262). */
const BEGINNING = -8.64e15

/** No task; and after every task. */
const NONE = -1
const END = 2 ** 31 - 1

interface CandidateRow {
  readonly position: number
  readonly id: TrackingId
  readonly time: number
}

interface GoneRow {
  readonly wholes: number
  readonly members: number
  readonly joined: number
  readonly held: number
  /** The latest verdict of each whole that has one. */
  readonly verdicts: readonly string[] | null
}

/** Looks at some of what may be pruned, and prunes what may. */
export type Prune = (pruning: Pruning) => Promise<Pruned>

function pruned({ wholes, members, joined, held, verdicts }: GoneRow): ReadonlyMap<Tally, number> {
  const states = (verdicts ?? []).map((json) => (JSON.parse(json) as Verdict).state)
  const tallies = new Map<Tally, number>([
    ['pruned.predictions', wholes],
    ['pruned.members', members],
    ['pruned.predictions.with-outcome', states.length],
    ['pruned.feedback.joined', joined],
    ['pruned.feedback.held', held],
  ])
  for (const state of states) {
    const tally: Tally = `pruned.outcomes.${state}`
    tallies.set(tally, (tallies.get(tally) ?? 0) + 1)
  }
  return tallies
}

/** How far every cursor has read a ledger. */
const readOf = (ledger: string): string =>
  `coalesce(min(position) FILTER (WHERE ledger = '${ledger}'), 9223372036854775807) AS ${ledger}`

/** @param dropEmptyMonths called at the end: drops what is left over */
export function pruning(database: Database, tasks: Tasks, dropEmptyMonths: () => Promise<void>): Prune {
  const { schema: s } = database
  const addTallies = addingTallies(database)
  const selectTasks: Statement = {
    name: 'prune-tasks',
    sql: `SELECT id FROM ${s}.tasks WHERE id >= $1 AND ($2::text IS NULL OR name = $2) ORDER BY id LIMIT 2`,
  }
  const remember: Statement = {
    name: 'prune-remember',
    sql: `INSERT INTO ${s}.retention AS r (task, before) VALUES ($1, $2)
      ON CONFLICT (task) DO UPDATE SET before = greatest(r.before, excluded.before)`,
  }
  const selectCandidates: Statement = {
    name: 'prune-candidates',
    sql: `SELECT position, id, time FROM ${s}.predictions
      WHERE task = $1 AND time < $2 AND (time, position) > ($3, $4) ORDER BY time, position LIMIT $5`,
  }
  const unread = (table: string): string => `NOT EXISTS (
    SELECT FROM ${s}.${table} line WHERE line.prediction = p.position AND line.position > read.${table}
  )`
  const remove: Statement = {
    name: 'prune',
    sql: `WITH read AS (
        SELECT ${['predictions', 'feedback', 'outcomes'].map(readOf).join(', ')} FROM ${s}.cursors
      ),
      gone AS (
        SELECT p.position, p.id, p.whole, p.recorded, latest.verdict_json
        FROM ${s}.predictions p CROSS JOIN read LEFT JOIN LATERAL (
          SELECT verdict_json FROM ${s}.outcomes WHERE prediction = p.position ORDER BY version DESC LIMIT 1
        ) latest ON true
        WHERE p.position = ANY($1::bigint[]) AND p.position <= read.predictions
          AND NOT EXISTS (SELECT FROM ${s}.horizons h WHERE h.prediction = p.position)
          AND ${unread('feedback')} AND ${unread('outcomes')}
      ),
      said AS (DELETE FROM ${s}.feedback f USING gone WHERE f.prediction = gone.position RETURNING f.arrival, f.held),
      words AS (DELETE FROM ${s}.feedback_payloads WHERE feedback IN (SELECT arrival FROM said)),
      payloads AS (
        DELETE FROM ${s}.prediction_payloads body USING gone
        WHERE body.prediction = gone.position AND body.recorded = gone.recorded
      ),
      verdicts AS (DELETE FROM ${s}.outcomes o USING gone WHERE o.prediction = gone.position),
      lines AS (DELETE FROM ${s}.predictions p USING gone WHERE p.position = gone.position),
      lost AS (UPDATE ${s}.members m SET lost = 'pruned' FROM gone WHERE m.prediction = gone.id AND m.lost IS NULL)
      SELECT
        (SELECT count(*) FROM gone WHERE whole IS NULL) AS wholes,
        (SELECT count(*) FROM gone WHERE whole IS NOT NULL) AS members,
        (SELECT count(*) FROM said) AS joined,
        (SELECT count(*) FROM said WHERE held) AS held,
        (SELECT json_agg(verdict_json) FROM gone WHERE whole IS NULL AND verdict_json IS NOT NULL) AS verdicts`,
  }

  async function removeOf(candidates: readonly CandidateRow[]): Promise<number> {
    const needs = new Needs()
    for (const { id } of candidates) needs.predictions.add(id)
    return await database.write(
      async (connection, begun) => {
        tasks.absorb(taskNews(begun))
        const [row] = await connection.rows<GoneRow>(remove, [candidates.map(({ position }) => position)])
        const gone = row as GoneRow
        await addTallies(connection, pruned(gone))
        return gone.wholes + gone.members
      },
      beginning(database, tasks, needs),
    )
  }

  return async ({ before, task: named, limit, after }) => {
    const ids = await database.read((connection) =>
      connection.rows<{ readonly id: number }>(selectTasks, [after?.task ?? NONE, named ?? null]),
    )
    const [task, later] = ids.map(({ id }) => id)
    if (after === undefined && (named === undefined || task !== undefined)) {
      const of = named === undefined ? ALL_TASKS : task
      await database.write(async (connection) => void (await connection.rows(remember, [of, before])))
    }
    if (task === undefined) {
      await dropEmptyMonths()
      return { predictions: 0, next: undefined }
    }
    const { time, position }: Omit<PruneMark, 'task'> =
      after?.task === task ? after : { time: BEGINNING, position: NONE }
    const most = Math.min(limit, STEP)
    const candidates = await database.read((connection) =>
      connection.rows<CandidateRow>(selectCandidates, [task, before, time, position, most]),
    )
    const last = candidates.at(-1)
    const predictions = last === undefined ? 0 : await removeOf(candidates)
    const goesOn = last !== undefined && candidates.length === most
    return {
      predictions,
      next: goesOn
        ? { task, time: last.time, position: last.position }
        : { task: later ?? END, time: BEGINNING, position: NONE },
    }
  }
}
