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
