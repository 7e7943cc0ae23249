import type { DatabaseSync } from 'node:sqlite'
import { BLOCK } from './open-blocks.ts'
import { bad, good, RESTORE, type Finding, type RowCheck } from '../finding.ts'

/** What holds of the ledgers after every transaction. */
export const ROW_CHECKS: readonly RowCheck[] = [
  {
    check: 'references',
    sql: `SELECT count(*) AS wrong, min("table" || ' ' || coalesce(rowid, '')) AS example FROM pragma_foreign_key_check`,
    fine: 'every line is about something that is there',
    fault: 'rows are about something that is missing',
  },
  {
    check: 'outcome versions',
    sql: `SELECT count(*) AS wrong, min(p.id) AS example FROM (
        SELECT prediction FROM outcomes GROUP BY prediction HAVING min(version) <> 1 OR max(version) <> count(*)
      ) gap LEFT JOIN predictions p ON p.position = gap.prediction`,
    fine: 'from 1 without gaps',
    fault: 'predictions lack a version of their outcome',
  },
  {
    check: 'latest outcomes',
    sql: `SELECT count(*) AS wrong, min(id) AS example FROM predictions p WHERE outcome_version <>
        coalesce((SELECT max(version) FROM outcomes o WHERE o.prediction = p.position), 0)`,
    fine: 'every prediction stands at its last one',
    fault: 'predictions stand at another version than their last outcome',
  },
  {
    check: 'horizon lines',
    sql: `SELECT count(*) AS wrong, min(p.id) AS example FROM (
        SELECT prediction, count(*) AS lines FROM outcomes WHERE phase = 'horizon' GROUP BY prediction
      ) h JOIN predictions p ON p.position = h.prediction WHERE h.lines > 1 OR p.closed = 0`,
    fine: 'one at most, and none of an open prediction',
    fault: 'predictions have several horizon lines, or have one and are open',
  },
  {
    check: 'open predictions',
    sql: `SELECT count(*) AS wrong, min(id) AS example FROM predictions p
      LEFT JOIN open_blocks b ON b.block = p.position / ${BLOCK}
      WHERE closed = 0 AND (b.earliest IS NULL OR b.earliest > time + horizon_seconds * 1000)`,
    fine: 'each is found when its horizon comes',
    fault: 'open predictions are not found when their horizon comes',
  },
  {
    check: 'payloads',
    sql: `SELECT count(*) AS wrong, min(line) AS example FROM (
        SELECT 'of feedback ' || id AS line FROM (
          SELECT id, payload FROM feedback UNION ALL SELECT id, payload FROM pen
        ) said WHERE payload IS NOT NULL AND NOT EXISTS (SELECT 1 FROM feedback_payloads body WHERE body.id = said.payload)
        UNION ALL SELECT 'row ' || id FROM feedback_payloads body
          WHERE NOT EXISTS (SELECT 1 FROM feedback f WHERE f.payload = body.id)
            AND NOT EXISTS (SELECT 1 FROM pen w WHERE w.payload = body.id)
      ) apart`,
    fine: 'each is that of a line, and each line has its own',
    fault: 'payloads are those of no line, or not there: an erasure of what they belonged to does not reach them',
  },
  {
    check: 'data sets',
    sql: `SELECT count(*) AS wrong, min(data_set) AS example FROM lineage l
      WHERE members <> (SELECT count(*) FROM members m WHERE m.line = l.position)`,
    fine: 'with all their members',
    fault: 'data sets have other members than were stored',
  },
  {
    check: 'cursors',
    sql: `SELECT count(*) AS wrong, min(name) AS example FROM cursors c WHERE position > max(
        coalesce((SELECT position FROM given WHERE ledger = c.ledger), 0),
        coalesce(CASE ledger
          WHEN 'predictions' THEN (SELECT max(position) FROM predictions)
          WHEN 'feedback' THEN (SELECT max(position) FROM feedback)
          WHEN 'outcomes' THEN (SELECT max(position) FROM outcomes)
          WHEN 'lineage' THEN (SELECT max(position) FROM lineage)
        END, 0))`,
    fine: 'within their ledgers',
    fault: 'cursors stand after the end of their ledger and would miss lines',
  },
]

/** Lines of each ledger, those that were pruned (NULL where that is not counted), and the last position that was given. */
const POSITIONS = `
  SELECT 'predictions' AS ledger, (SELECT count(*) FROM predictions) AS lines,
    (SELECT coalesce(sum(value), 0) FROM tallies WHERE name IN ('pruned.predictions', 'pruned.members')) AS pruned,
    max(coalesce((SELECT max(position) FROM predictions), 0),
      coalesce((SELECT position FROM given WHERE ledger = 'predictions'), 0)) AS last
  UNION ALL SELECT 'feedback', (SELECT count(*) FROM feedback),
    (SELECT coalesce(sum(value), 0) FROM tallies WHERE name = 'pruned.feedback.joined'),
    max(coalesce((SELECT max(position) FROM feedback), 0),
      coalesce((SELECT position FROM given WHERE ledger = 'feedback'), 0))
  UNION ALL SELECT 'lineage', (SELECT count(*) FROM lineage), 0, (SELECT coalesce(max(position), 0) FROM lineage)
  UNION ALL SELECT 'outcomes', (SELECT count(*) FROM outcomes),
    CASE WHEN EXISTS (SELECT 1 FROM given) THEN NULL ELSE 0 END, (SELECT coalesce(max(position), 0) FROM outcomes)`

interface PositionsRow {
  readonly ledger: string
  readonly lines: number
  readonly pruned: number | null
  readonly last: number
}

/** Every position that was given is that of a line, or of one that was pruned. */
export function examinePositions(database: DatabaseSync): Finding {
  const rows = database.prepare(POSITIONS).all() as unknown as PositionsRow[]
  const wrong = rows
    .filter(({ lines, pruned, last }) => pruned !== null && lines + pruned !== last)
    .map(({ ledger, lines, pruned, last }) => `${ledger} has ${lines} lines, and should have ${last - (pruned ?? 0)}`)
  if (wrong.length > 0) return bad('positions', wrong.join('; '), RESTORE)
  return good('positions', 'without gaps, but for what was pruned')
}

const COUNTED: Readonly<Record<string, string>> = {
  predictions: 'SELECT count(*) AS rows FROM predictions WHERE whole IS NULL',
  members: 'SELECT count(*) AS rows FROM predictions WHERE whole IS NOT NULL',
  'predictions.with-outcome': 'SELECT count(*) AS rows FROM predictions WHERE whole IS NULL AND outcome_version > 0',
  'feedback.joined': 'SELECT count(*) AS rows FROM feedback',
  'feedback.held': 'SELECT count(*) AS rows FROM feedback WHERE held = 1',
  'feedback.penned': 'SELECT count(*) AS rows FROM pen',
}

const STATES = `
  SELECT json_extract(o.verdict_json, '$.state') AS state, count(*) AS rows
  FROM predictions p JOIN outcomes o ON o.prediction = p.position AND o.version = p.outcome_version
  WHERE p.whole IS NULL GROUP BY 1`

/** What tallies should say but for what was pruned, counted. @param states of outcomes, all there can be */
export function countedTallies(database: DatabaseSync, states: readonly string[]): ReadonlyMap<string, number> {
  const counted = new Map(
    Object.entries(COUNTED).map(([name, sql]) => [name, database.prepare(sql).get()?.['rows'] as number]),
  )
  for (const state of states) counted.set(`outcomes.${state}`, 0)
  for (const row of database.prepare(STATES).all())
    counted.set(`outcomes.${String(row['state'])}`, row['rows'] as number)
  return counted
}
