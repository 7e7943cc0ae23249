import type { Database } from './database.ts'
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
  const { schema: s, lockClass } = database
  const made = new Set<string>()

  const making = ({ name, from, until }: Month): string =>
    `CREATE TABLE IF NOT EXISTS ${s}.${PREFIX}${name} PARTITION OF ${s}.prediction_payloads FOR VALUES FROM (${from}) TO (${until});`

  return async (recorded) => {
    const month = monthOf(recorded)
    if (made.has(month.name)) return
    const lock = `SELECT pg_advisory_xact_lock(${lockClass}, ${LOCKS.schema})`
    await database.write(async (connection) => {
      await connection.script(`${making(month)} ${making(monthOf(recorded, 1))}`)
    }, lock)
    made.add(month.name)
  }
}
