import { statfsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { OUTCOME_STATES } from '@groundtrace/core'
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
  type RowCheckAnswer,
} from '../finding.ts'
import { fileKind, type FileKind } from './file-header.ts'
import { countedTallies, examinePositions, ROW_CHECKS } from './invariants.ts'
import { examineKeys } from './keys/examine-keys.ts'
import { APPLICATION_ID, MIGRATIONS } from './schema.ts'
import { openStore } from './store.ts'

export interface SqliteExamination {
  /** The register file. It is never written to, and a service may write to it meanwhile. */
  readonly path: string
  /** Looks every prediction up by its keys. Default false: a thousand, chosen by chance. */
  readonly full?: boolean
  /** Default `Date.now`. */
  readonly now?: () => number
  /** From 0 to below 1. Default `Math.random`. */
  readonly random?: () => number
  /** Free bytes where the file stands. Default: asks the file system. */
  readonly freeBytes?: () => number
}

/** Damages that are named; the rest is like them. */
const DAMAGES_SHOWN = 3
/** To be free beside a tenth of the file: the write-ahead log, and what comes within hours. */
const LEAST_FREE = 256 * 2 ** 20
const BUSY_TIMEOUT_MS = 5000

/** A check that can't even be made is one that failed. */
function attempt(check: string, work: () => Finding): Finding {
  try {
    return work()
  } catch (error) {
    return bad(check, `it can't be looked at (${(error as Error).message})`, RESTORE)
  }
}

function examineStorage(database: DatabaseSync): Finding {
  const damages = database.prepare('PRAGMA integrity_check').all()
  const told = damages.map((row) => String(row['integrity_check']))
  if (told[0] === 'ok') return good('storage', 'SQLite finds no damage')
  return bad('storage', `SQLite finds damage: ${told.slice(0, DAMAGES_SHOWN).join('; ')}`, RESTORE)
}

const OTHER_FILE = 'Name the register with --register; if this was one, restore the newest backup'

/** What is said of a file that is none, without a log left beside it. */
const REFUSALS: Readonly<Partial<Record<FileKind, Finding>>> = {
  'no-database': bad('storage', 'this is no SQLite file, so no register, or its beginning is damaged', OTHER_FILE),
  'other-database': bad('schema', 'this SQLite file is no register', OTHER_FILE),
}

function examineSchema(database: DatabaseSync): Finding {
  if (database.prepare('PRAGMA application_id').get()?.['application_id'] !== APPLICATION_ID) {
    return bad('schema', 'this SQLite file is no register', OTHER_FILE)
  }
  const found = database.prepare('SELECT max(version) AS version FROM schema_versions').get()?.['version'] as number
  const newest = MIGRATIONS.at(-1)?.version ?? 0
  if (found === newest) return good('schema', `version ${found}`)
  const nextStep = found > newest ? 'Update Groundtrace' : 'Let a service open it for writing: that updates it'
  return bad('schema', `version ${found}; this Groundtrace knows ${newest}`, nextStep)
}

function examineHorizons(database: DatabaseSync, now: number): Finding {
  const row = database
    .prepare(
      `SELECT count(*) AS overdue, min(time + horizon_seconds * 1000) AS oldest FROM predictions
       WHERE closed = 0 AND time + horizon_seconds * 1000 <= ?`,
    )
    .get(now - OVERDUE_MS)
  return overdueFinding(row?.['overdue'] as number, row?.['oldest'] as number | null)
}

function examineTallies(database: DatabaseSync): Finding {
  const kept = database.prepare('SELECT name, value FROM tallies').all()
  const values = new Map(kept.map((row) => [row['name'] as string, row['value'] as number]))
  return tallyFinding(countedTallies(database, OUTCOME_STATES), values)
}

function examineLosses(database: DatabaseSync): Finding {
  const rows = database.prepare('SELECT reason, lines FROM loss ORDER BY reason').all()
  return lossFinding(rows as unknown as { reason: string; lines: number }[])
}

function examineDisk(path: string, freeBytes: () => number): Finding {
  const free = freeBytes()
  const megabytes = Math.floor(free / 2 ** 20).toLocaleString('en-US')
  if (free >= LEAST_FREE + statSync(path).size / 10) return good('disk', `${megabytes} MiB are free`)
  return bad('disk', `only ${megabytes} MiB are free`, 'Free space, or prune: what does not fit is refused')
}

function freeBytesAt(path: string): number {
  const { bavail, bsize } = statfsSync(dirname(resolve(path)))
  return bavail * bsize
}

function examineStoredKeys({ path, full = false, random = Math.random }: SqliteExamination): Finding {
  const store = openStore({
    path,
    readOnly: true,
    durability: 'process',
    busyTimeoutMs: BUSY_TIMEOUT_MS,
    now: Date.now,
  })
  try {
    return store.read(() => examineKeys(store, { full, random }))
  } finally {
    store.close()
  }
}

/** On one snapshot. Where the file is no register of this version, no more can be said of it. */
function examineLedgers(database: DatabaseSync, now: () => number): readonly Finding[] {
  const storage = attempt('storage', () => {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; BEGIN`)
    return examineStorage(database)
  })
  const schema = attempt('schema', () => examineSchema(database))
  if (!schema.ok) return [storage, schema]
  return [
    storage,
    schema,
    attempt('positions', () => examinePositions(database)),
    ...ROW_CHECKS.map((check) =>
      attempt(check.check, () => rowFinding(check, database.prepare(check.sql).get() as unknown as RowCheckAnswer)),
    ),
    attempt('tallies', () => examineTallies(database)),
    attempt('horizons', () => examineHorizons(database, now())),
    attempt('losses', () => examineLosses(database)),
  ]
}

/**
 * Examines a register file: the storage, the schema, what must hold of the ledgers, the keys of predictions, the disk. Reads
 * all of it, so it takes minutes where there are many millions of lines, and the write-ahead log grows meanwhile. What is
 * wrong with the file is a finding, never an error.
 */
export function examineSqliteRegister(examination: SqliteExamination): readonly Finding[] {
  const { path, now = Date.now, freeBytes = () => freeBytesAt(path) } = examination
  const refusal = REFUSALS[fileKind(path)]
  if (refusal !== undefined) return [refusal]
  let database: DatabaseSync
  try {
    database = new DatabaseSync(path, { readOnly: true })
  } catch (error) {
    return [
      bad('storage', `it can't be opened (${(error as Error).message})`, 'Check the path and the right to read it'),
    ]
  }
  const findings = [...examineLedgers(database, now)]
  database.close()
  const isRegister = findings.some(({ check, ok }) => check === 'schema' && ok)
  if (isRegister) findings.push(attempt('keys', () => examineStoredKeys(examination)))
  return [...findings, attempt('disk', () => examineDisk(path, freeBytes))]
}
