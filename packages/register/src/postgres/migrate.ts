import { GroundtraceError } from '@groundtrace/core'
import type { Connection, Database, Statement } from './database.ts'
import { LOCKS, MIGRATIONS, schemaVersions, type Migration } from './schema.ts'

const LEAST_SERVER = 15

function incompatible(cause: string, nextStep: string): GroundtraceError {
  return new GroundtraceError('register-incompatible', cause, nextStep)
}

interface Server {
  readonly version: number
  readonly text: string
  readonly encoding: string
  /** What is acknowledged is on the disk. */
  readonly durable: boolean
}

const SERVER: Statement = {
  name: 'server',
  sql: `SELECT current_setting('server_version_num')::integer AS version, current_setting('server_version') AS text,
    current_setting('server_encoding') AS encoding,
    current_setting('fsync') = 'on' AND current_setting('synchronous_commit') <> 'off' AS durable`,
}

/** @returns whether what it acknowledges survives the loss of power. @throws GroundtraceError `register-incompatible` */
async function expectServer(connection: Connection, name: string): Promise<boolean> {
  const [row] = await connection.rows<Server>(SERVER)
  const { version, text, encoding, durable } = row as Server
  if (version < LEAST_SERVER * 10_000) {
    throw incompatible(`${name} is on PostgreSQL ${text}`, `Use PostgreSQL ${LEAST_SERVER} or newer`)
  }
  if (encoding !== 'UTF8') {
    throw incompatible(`The database of ${name} has the encoding ${encoding}`, 'Make one with ENCODING UTF8')
  }
  return durable
}

const newest = (migrations: readonly Migration[]): number => migrations.at(-1)?.version ?? 0

/** Asks the catalogue, as of this statement: what the session remembers of names may be older than a lock it waited for. */
const PRESENT: Statement = {
  name: 'schema-present',
  sql: `SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1) AS schema,
    EXISTS (
      SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relname = 'schema_versions'
    ) AS register`,
}

/** Whether the schema is there, and its version: 0 when there is no register in it. */
async function stateOf(connection: Connection, { schema: s, schemaName }: Database) {
  const [row] = await connection.rows<{ readonly schema: boolean; readonly register: boolean }>(PRESENT, [schemaName])
  if (row?.register !== true) return { isThere: row?.schema === true, version: 0 }
  const select = { name: 'schema-version', sql: `SELECT max(version) AS version FROM ${s}.schema_versions` }
  const [newest] = await connection.rows<{ readonly version: number }>(select)
  return { isThere: true, version: newest?.version ?? 0 }
}

async function step(connection: Connection, database: Database, migrations: readonly Migration[]): Promise<void> {
  const { schema: s } = database
  // Another replica may have done it while this one waited for the lock.
  const { isThere, version: from } = await stateOf(connection, database)
  if (!isThere) await connection.script(`CREATE SCHEMA ${s}`)
  if (from === 0) await connection.script(schemaVersions(s))
  const record = { name: 'schema-record', sql: `INSERT INTO ${s}.schema_versions VALUES ($1, $2, $3)` }
  for (const { version, what, sql } of migrations.filter((migration) => migration.version > from)) {
    await connection.script(sql(s))
    await connection.rows(record, [version, what, database.now()])
  }
}

/**
 * The lines of a register that was restored into another server carry numbers of transactions that are still to come there,
 * so readers would wait for them: says that all of them have ended.
 */
async function adopt(connection: Connection, { schema: s }: Database): Promise<void> {
  const last = ['predictions', 'feedback', 'outcomes', 'lineage']
    .map(
      (table) => `(SELECT tx, position FROM ${s}.${table} WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1)`,
    )
    .join(' UNION ALL ')
  const statement = {
    name: 'adopt',
    sql: `UPDATE ${s}.restored SET upto = (SELECT max(position) FROM (${last}) last)
      WHERE EXISTS (SELECT FROM (${last}) last WHERE tx >= pg_snapshot_xmax(pg_current_snapshot()))`,
  }
  await connection.rows(statement)
}

/**
 * Brings a register to the newest schema, in one transaction: of replicas that start at once one does it.
 * @returns whether what is acknowledged survives the loss of power
 * @throws GroundtraceError `register-incompatible` for a server that is too old or a schema that is too new
 */
export async function migrate(
  database: Database,
  { readOnly }: { readonly readOnly: boolean },
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<boolean> {
  const { name, lockClass } = database
  const { durable, found } = await database.read(async (connection) => ({
    durable: await expectServer(connection, name),
    found: (await stateOf(connection, database)).version,
  }))
  if (found > newest(migrations)) {
    throw incompatible(
      `The register ${name} has schema ${found}; this version of Groundtrace knows up to ${newest(migrations)}`,
      'Update Groundtrace',
    )
  }
  if (readOnly) {
    if (found === newest(migrations)) return durable
    throw incompatible(
      found === 0 ? `There is no register in ${name}` : `The register ${name} has the old schema ${found}`,
      'Open it once without readOnly',
    )
  }
  const lock = `SELECT pg_advisory_xact_lock(${lockClass}, ${LOCKS.schema})`
  if (found < newest(migrations)) await database.write((connection) => step(connection, database, migrations), lock)
  await database.write((connection) => adopt(connection, database), lock)
  return durable
}
