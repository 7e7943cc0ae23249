import type { Connection, Database, Statement } from './database.ts'
import { LOCKS } from './schema.ts'

/** Makes sure that payloads which are recorded at a time have a partition. */
export type EnsurePartition = (recorded: number) => Promise<void>

/** The months, as UTC has them, that payloads are kept in. */
interface Month {
  /** `2026_01` */
  readonly name: string
  readonly from: number
  readonly until: number
}

const PREFIX = 'prediction_payloads_'

function monthOf(time: number, later = 0): Month {
  const date = new Date(time)
  const from = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later, 1)
  const first = new Date(from)
  const until = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 1)
  return {
    name: first
      .toISOString()
      .slice(0, first.toISOString().indexOf('T') - 3)
      .replace(/\W/g, '_'),
    from,
    until,
  }
}

/** A table stands behind others in a queue: it is not worth waiting for, and may go the next time. */
const LOCK_TIMEOUT = '1s'
const LOCK_NOT_AVAILABLE = '55P03'

/** Drops the partitions of months that are over, and of whose payloads none is left. */
export function droppingEmptyMonths(database: Database): () => Promise<void> {
  const { schema: s, schemaName, lockClass } = database
  const select: Statement = {
    name: 'partitions-over',
    sql: `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND i.inhparent = $2::regclass AND c.relname COLLATE "C" < $3 ORDER BY c.relname`,
  }
  const isEmpty = async (connection: Connection, name: string): Promise<boolean> => {
    const rows = await connection.script(`SELECT FROM ${s}.${name} LIMIT 1`)
    return rows.length === 0
  }

  async function drop(name: string): Promise<void> {
    if (!(await database.read((connection) => isEmpty(connection, name)))) return
    try {
      await database.write(async (connection) => {
        await connection.script(`LOCK TABLE ${s}.${name} IN ACCESS EXCLUSIVE MODE`)
        if (await isEmpty(connection, name)) await connection.script(`DROP TABLE ${s}.${name}`)
      }, `SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'; SELECT pg_advisory_xact_lock(${lockClass}, ${LOCKS.schema})`)
    } catch (error) {
      const { cause } = error as { readonly cause?: { readonly code?: unknown } }
      if (cause?.code !== LOCK_NOT_AVAILABLE) throw error
    }
  }

  return async () => {
    const current = `${PREFIX}${monthOf(database.now()).name}`
    const over = await database.read((connection) =>
      connection.rows<{ readonly name: string }>(select, [schemaName, `${s}.prediction_payloads`, current]),
    )
    for (const { name } of over) await drop(name)
  }
}

/** A partition a month. The next month's is made together with this one's, so that no append waits for it at midnight. */
export function partitions(database: Database): EnsurePartition {
  const { schema: s, schemaName, lockClass } = database
  const made = new Set<string>()
  const select: Statement = {
    name: 'partitions',
    sql: `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relname = ANY($2::text[])`,
  }

  const missingOf = async (connection: Connection, months: readonly Month[]): Promise<readonly Month[]> => {
    const names = months.map(({ name }) => `${PREFIX}${name}`)
    const rows = await connection.rows<{ readonly name: string }>(select, [schemaName, names])
    const there = new Set(rows.map(({ name }) => name))
    return months.filter(({ name }) => !there.has(`${PREFIX}${name}`))
  }

  return async (recorded) => {
    const month = monthOf(recorded)
    if (made.has(month.name)) return
    const months = [month, monthOf(recorded, 1)]
    const missing = await database.read((connection) => missingOf(connection, months))
    if (missing.length > 0) {
      await database.write(async (connection) => {
        // Another replica may have made them while this one waited for the lock.
        for (const { name, from, until } of await missingOf(connection, months)) {
          await connection.script(`CREATE TABLE ${s}.${PREFIX}${name}
              PARTITION OF ${s}.prediction_payloads FOR VALUES FROM (${from}) TO (${until})`)
        }
      }, `SELECT pg_advisory_xact_lock(${lockClass}, ${LOCKS.schema})`)
    }
    made.add(month.name)
  }
}
