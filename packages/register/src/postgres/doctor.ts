import { GroundtraceError, OUTCOME_STATES, type Verdict } from '@groundtrace/core'
import {
  bad,
  good,
  lossFinding,
  OVERDUE_MS,
  overdueFinding,
  RESTORE,
  rowFinding,
  tallyFinding,
  type Finding,
  type RowCheck,
  type RowCheckAnswer,
} from '../finding.ts'
import { openDatabase, type Connection, type Database } from './database.ts'
import { migrate } from './migrate.ts'
import { checkedUrl } from './open.ts'

export interface PostgresExamination {
  /** As for `openPostgresRegister`. The database is never written to. */
  readonly url: string
  /** Default `groundtrace`. */
  readonly schema?: string
  /** Default `Date.now`. */
  readonly now?: () => number
  /** Longest that one check may take, in milliseconds. Default an hour: it reads all rows. */
  readonly statementTimeoutMs?: number
}

const HOUR_MS = 3_600_000
const CONNECTION_TIMEOUT_MS = 5000

/** What holds of the ledgers after every transaction. There are no foreign keys, so that is looked at too. */
const rowChecks = (s: string): readonly RowCheck[] => [
  {
    check: 'references',
    sql: `SELECT count(*) AS wrong, min(line) AS example FROM (
        SELECT 'outcome ' || o.position AS line FROM ${s}.outcomes o
          WHERE NOT EXISTS (SELECT FROM ${s}.predictions p WHERE p.position = o.prediction)
        UNION ALL SELECT 'feedback ' || f.id FROM ${s}.feedback f WHERE f.position IS NOT NULL
          AND NOT EXISTS (SELECT FROM ${s}.predictions p WHERE p.position = f.prediction)
        UNION ALL SELECT 'horizon ' || h.prediction FROM ${s}.horizons h
          WHERE NOT EXISTS (SELECT FROM ${s}.predictions p WHERE p.position = h.prediction)
      ) missing`,
    fine: 'every line is about something that is there',
    fault: 'rows are about something that is missing',
  },
  {
    check: 'outcome versions',
    sql: `SELECT count(*) AS wrong, min(p.id) AS example FROM (
        SELECT prediction FROM ${s}.outcomes GROUP BY prediction HAVING min(version) <> 1 OR max(version) <> count(*)
      ) gap LEFT JOIN ${s}.predictions p ON p.position = gap.prediction`,
    fine: 'from 1 without gaps',
    fault: 'predictions lack a version of their outcome',
  },
  {
    check: 'horizon lines',
    sql: `SELECT count(*) AS wrong, min(p.id) AS example FROM (
        SELECT prediction, count(*) AS lines FROM ${s}.outcomes WHERE phase = 'horizon' GROUP BY prediction
      ) line JOIN ${s}.predictions p ON p.position = line.prediction
      WHERE line.lines > 1 OR EXISTS (SELECT FROM ${s}.horizons h WHERE h.prediction = p.position)`,
    fine: 'one at most, and none of an open prediction',
    fault: 'predictions have several horizon lines, or have one and are open',
  },
  {
    check: 'payloads',
    sql: `SELECT count(*) AS wrong, min(row) AS example FROM (
        SELECT 'of prediction ' || body.prediction AS row FROM ${s}.prediction_payloads body WHERE NOT EXISTS (
          SELECT FROM ${s}.predictions p
          WHERE p.position = body.prediction AND p.recorded = body.recorded AND p.has_payload
        )
        UNION ALL SELECT 'of feedback ' || body.feedback FROM ${s}.feedback_payloads body WHERE NOT EXISTS (
          SELECT FROM ${s}.feedback f WHERE f.arrival = body.feedback AND f.has_payload
        )
      ) nobodys`,
    fine: 'each is that of a line',
    fault: 'payloads are those of no line: an erasure of what they belonged to does not reach them',
  },
  {
    check: 'data sets',
    sql: `SELECT count(*) AS wrong, min(data_set) AS example FROM ${s}.lineage l
      WHERE members <> (SELECT count(*) FROM ${s}.members m WHERE m.line = l.position)`,
    fine: 'with all their members',
    fault: 'data sets have other members than were stored',
  },
  {
    check: 'cursors',
    sql: `SELECT count(*) AS wrong, min(name) AS example FROM ${s}.cursors, ${s}.positions WHERE position > last_value`,
    fine: 'within their ledgers',
    fault: 'cursors stand after the last position that was given and would miss lines',
  },
]

const countedTallies = (s: string): string => `
  SELECT 'predictions' AS name, count(*) AS rows FROM ${s}.predictions WHERE whole IS NULL
  UNION ALL SELECT 'members', count(*) FROM ${s}.predictions WHERE whole IS NOT NULL
  UNION ALL SELECT 'feedback.joined', count(*) FROM ${s}.feedback WHERE position IS NOT NULL
  UNION ALL SELECT 'feedback.held', count(*) FROM ${s}.feedback WHERE position IS NOT NULL AND held
  UNION ALL SELECT 'feedback.penned', count(*) FROM ${s}.feedback WHERE position IS NULL`

/** Its own JSON functions refuse NUL and halves of surrogate pairs, which a label may hold: states are read here. */
const latestVerdicts = (s: string): string => `
  SELECT verdict_json AS name, count(*) AS rows FROM (
    SELECT DISTINCT ON (o.prediction) o.verdict_json
    FROM ${s}.outcomes o JOIN ${s}.predictions p ON p.position = o.prediction
    WHERE p.whole IS NULL ORDER BY o.prediction, o.version DESC
  ) latest GROUP BY verdict_json`

interface Figure {
  readonly name: string
  readonly rows: number
}

async function examineTallies(connection: Connection, s: string): Promise<Finding> {
  const rows = await connection.rows<Figure>({ name: 'doctor-rows', sql: countedTallies(s) })
  const kept = await connection.rows<Figure>({
    name: 'doctor-tallies',
    sql: `SELECT name, sum(value)::bigint AS rows FROM ${s}.tallies GROUP BY name`,
  })
  const counted = new Map(OUTCOME_STATES.map((state): [string, number] => [`outcomes.${state}`, 0]))
  for (const { name, rows: count } of rows) counted.set(name, count)
  const verdicts = await connection.rows<Figure>({ name: 'doctor-verdicts', sql: latestVerdicts(s) })
  for (const { name: verdictJson, rows: count } of verdicts) {
    const tally = `outcomes.${(JSON.parse(verdictJson) as Verdict).state}`
    counted.set(tally, (counted.get(tally) ?? 0) + count)
  }
  const states = OUTCOME_STATES.reduce((sum, state) => sum + (counted.get(`outcomes.${state}`) ?? 0), 0)
  counted.set('predictions.with-outcome', states)
  return tallyFinding(counted, new Map(kept.map(({ name, rows: count }) => [name, count])))
}

async function examineHorizons(connection: Connection, s: string, now: number): Promise<Finding> {
  const sql = `SELECT count(*) AS overdue, min(due) AS oldest FROM ${s}.horizons WHERE due <= $1`
  const [row] = await connection.rows<{ overdue: number; oldest: number | null }>({ name: 'doctor-due', sql }, [
    now - OVERDUE_MS,
  ])
  return overdueFinding(row?.overdue ?? 0, row?.oldest ?? null)
}

/** Each on the one snapshot of the transaction; after one that fails there is no other. */
async function examineLedgers(database: Database): Promise<readonly Finding[]> {
  const { schema: s, now } = database
  const findings: Finding[] = []
  await database.read(async (connection) => {
    await connection.script('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    for (const check of rowChecks(s)) {
      const [row] = await connection.rows<RowCheckAnswer>({ name: `doctor-${check.check}`, sql: check.sql })
      findings.push(rowFinding(check, row as RowCheckAnswer))
    }
    findings.push(await examineTallies(connection, s), await examineHorizons(connection, s, now()))
    const loss = { name: 'doctor-loss', sql: `SELECT reason, lines FROM ${s}.loss ORDER BY reason` }
    findings.push(lossFinding(await connection.rows<{ reason: string; lines: number }>(loss)))
    await connection.script('COMMIT')
  })
  return findings
}

const durabilityFinding = (durable: boolean): Finding =>
  durable
    ? good('durability', 'what is acknowledged survives the loss of power')
    : bad(
        'durability',
        'what is acknowledged may be lost with the power: the server has fsync or synchronous_commit off',
        'Set both to on',
      )

/** What a store failed with, as a finding: its message holds the next step. */
function failure(check: string, error: unknown, nextStep: string): Finding {
  if (!GroundtraceError.isInstance(error)) throw error
  return bad(check, error.message.replace(/\.$/, ''), nextStep)
}

/**
 * Examines a register in PostgreSQL: server and schema, whether it survives the loss of power, what must hold of the ledgers.
 * Reads all of it on one snapshot. What is wrong with it is a finding, never an error. Damage of its files is for the tools
 * of PostgreSQL: `pg_amcheck`.
 * Rejects with GroundtraceError `invalid-argument` for a URL that is none
 */
export async function examinePostgresRegister(examination: PostgresExamination): Promise<readonly Finding[]> {
  const { url, schema = 'groundtrace', now = Date.now, statementTimeoutMs = HOUR_MS } = examination
  const database = openDatabase({
    url: checkedUrl(url),
    schema,
    poolSize: 1,
    connectionTimeoutMs: CONNECTION_TIMEOUT_MS,
    statementTimeoutMs,
    readOnly: true,
    now,
  })
  try {
    let durable: boolean
    try {
      durable = await migrate(database, { readOnly: true })
    } catch (error) {
      return [failure('schema', error, 'Check --register, and that the server is running')]
    }
    const findings = [good('schema', 'server and schema are those of this version'), durabilityFinding(durable)]
    try {
      return [...findings, ...(await examineLedgers(database))]
    } catch (error) {
      return [...findings, failure('ledgers', error, RESTORE)]
    }
  } finally {
    await database.close()
  }
}
