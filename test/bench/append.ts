import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { defineTask, formatTrackingId, type Prediction } from '@groundtrace/core'
import { openSqliteRegister } from '@groundtrace/register'
import { seeded } from '../../packages/register/src/testing/random-world.ts'

export interface AppendBenchOptions {
  /** Predictions a round. Default 20,000. */
  readonly predictions?: number
  /** Predictions a call and a transaction. Default 1,000. */
  readonly batch?: number
  /** Rounds that are measured, after one that is not. Default 7. */
  readonly rounds?: number
  /** Numbers in the features of each. Default 200. */
  readonly features?: number
  /** Seed of IDs and figures. Default 1. */
  readonly seed?: number
}

export interface Timing {
  readonly median: number
  readonly min: number
}

export interface AppendBench {
  /** Nanoseconds a prediction through `appendPredictions`. */
  readonly oursNsPerOp: Timing
  /** Nanoseconds a prediction by bare inserts of the very rows that the register wrote, with the same indexes. */
  readonly floorNsPerOp: Timing
  /** Floor by ours, of the medians: 1 is as fast as bare inserts. */
  readonly ratio: number
}

const NANOSECONDS = 1e6

function predictionsFor({ predictions, features, seed }: Required<AppendBenchOptions>): readonly Prediction[] {
  const next = seeded(seed)
  const task = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'], unobservableActions: ['block'] })
  const hex = (digits: number): string =>
    Array.from({ length: digits / 4 }, () =>
      Math.floor(next() * 65_536)
        .toString(16)
        .padStart(4, '0'),
    ).join('')
  return Array.from({ length: predictions }, (_, index) => {
    const score = next()
    return {
      id: formatTrackingId({ traceId: hex(32), spanId: hex(16) }),
      task,
      model: { name: 'filter', version: `v${Math.floor((index * 4) / predictions)}` },
      time: 1_700_000_000_000 + index * 10,
      value: score < 0.5 ? 'ham' : 'spam',
      scores: { ham: 1 - score, spam: score },
      slices: { language: next() < 0.8 ? 'en' : 'other' },
      entity: `message-${index}`,
      policy: { action: score < 0.5 ? 'pass' : 'block', propensity: 0.1, explored: next() < 0.1 },
      latencySeconds: next() / 100,
      features: { words: Array.from({ length: features }, () => next()) },
    }
  })
}

const batches = <T>(rows: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(rows.length / size) }, (_, index) => rows.slice(index * size, (index + 1) * size))

/** Appends all to a fresh register. @returns nanoseconds a prediction */
async function ours(path: string, calls: readonly (readonly Prediction[])[], total: number): Promise<number> {
  const register = openSqliteRegister({ path })
  const start = performance.now()
  for (const call of calls) await register.appendPredictions(call)
  const elapsed = (performance.now() - start) * NANOSECONDS
  await register.close()
  return elapsed / total
}

/** A row that a register wrote: the line and its payload. */
interface FloorRow {
  readonly line: readonly SQLInputValue[]
  readonly payload: readonly SQLInputValue[]
}

interface Floor {
  /** Statements that make the two tables and their indexes. */
  readonly schema: readonly string[]
  readonly insertLine: string
  readonly insertPayload: string
  readonly transactions: readonly (readonly FloorRow[])[]
}

/** What a column holds unless a row says otherwise is left out, as the register leaves it out. */
const DEFAULTED = new Set(['position', 'outcome_version', 'closed'])

function tableOf(database: DatabaseSync, name: string, leftOut: ReadonlySet<string>) {
  const rows = database.prepare(`SELECT * FROM ${name} ORDER BY position`).all()
  const columns = Object.keys(rows[0] ?? {}).filter((column) => !leftOut.has(column))
  return {
    insert: `INSERT INTO ${name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    rows: rows.map((row) => columns.map((column) => row[column] ?? null)),
  }
}

/** Takes the rows, the tables and the indexes that a register wrote out of its file. */
function floorOf(path: string, batch: number): Floor {
  const database = new DatabaseSync(path, { readOnly: true })
  const schema = database
    .prepare(
      `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND tbl_name IN ('predictions', 'prediction_payloads')
       ORDER BY type DESC`,
    )
    .all()
    .map((row) => String(row['sql']))
  const lines = tableOf(database, 'predictions', DEFAULTED)
  const payloads = tableOf(database, 'prediction_payloads', new Set())
  database.close()
  const rows = lines.rows.map((line, index) => ({ line, payload: payloads.rows[index] ?? [] }))
  return { schema, insertLine: lines.insert, insertPayload: payloads.insert, transactions: batches(rows, batch) }
}

/** Inserts the same rows into the same tables of a fresh file, with the register's pragmas. @returns nanoseconds a prediction */
function floor(path: string, { schema, insertLine, insertPayload, transactions }: Floor, total: number): number {
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false })
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON')
  for (const statement of schema) database.exec(statement)
  const lines = database.prepare(insertLine)
  const payloads = database.prepare(insertPayload)
  const start = performance.now()
  for (const rows of transactions) {
    database.exec('BEGIN IMMEDIATE')
    for (const { line, payload } of rows) {
      lines.run(...line)
      payloads.run(...payload)
    }
    database.exec('COMMIT')
  }
  const elapsed = (performance.now() - start) * NANOSECONDS
  database.close()
  return elapsed / total
}

function timing(figures: readonly number[]): Timing {
  const sorted = [...figures].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const median = sorted.length % 2 === 1 ? sorted[middle] : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
  return { median: median ?? Number.NaN, min: sorted[0] ?? Number.NaN }
}

/**
 * Measures appends of the embedded register against bare `node:sqlite` inserts of the same rows: alternating in one
 * process, a fresh file each time, the same durability (`process`) and transactions of the same size. The floor has
 * SQLite's own page size; given the register's larger pages it gains as well, and the ratio falls to about a half.
 */
export async function benchAppend(given: AppendBenchOptions = {}): Promise<AppendBench> {
  const options = { predictions: 20_000, batch: 1000, rounds: 7, features: 200, seed: 1, ...given }
  const { predictions, batch, rounds } = options
  const folder = mkdtempSync(join(tmpdir(), 'groundtrace-append-'))
  try {
    const calls = batches(predictionsFor(options), batch)
    await ours(join(folder, 'warm.db'), calls, predictions)
    const rows = floorOf(join(folder, 'warm.db'), batch)
    floor(join(folder, 'warm-floor.db'), rows, predictions)
    const times = { ours: [] as number[], floor: [] as number[] }
    for (let round = 0; round < rounds; round += 1) {
      const run = join(folder, String(round))
      // Whoever comes second has the warmer disk cache: take turns.
      if (round % 2 === 0) times.floor.push(floor(`${run}-floor.db`, rows, predictions))
      times.ours.push(await ours(`${run}.db`, calls, predictions))
      if (round % 2 === 1) times.floor.push(floor(`${run}-floor.db`, rows, predictions))
      for (const file of [`${run}.db`, `${run}-floor.db`]) rmSync(file)
    }
    const oursNsPerOp = timing(times.ours)
    const floorNsPerOp = timing(times.floor)
    return { oursNsPerOp, floorNsPerOp, ratio: floorNsPerOp.median / oursNsPerOp.median }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
