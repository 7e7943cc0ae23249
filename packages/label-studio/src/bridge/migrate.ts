import type { DatabaseSync } from 'node:sqlite'
import { incompatibleOutbox } from './outbox-fault.ts'
import { APPLICATION_ID, MIGRATIONS, SCHEMA_VERSIONS, type Migration } from './schema.ts'

interface MigrateOptions {
  readonly path: string
  readonly readOnly: boolean
  readonly now: () => number
}

/** The schema version of a file: 0 when it is empty. @throws GroundtraceError `outbox-incompatible` when it is something else */
function versionOf(database: DatabaseSync, path: string): number {
  const empty = database.prepare('SELECT count(*) AS parts FROM sqlite_schema').get()?.['parts'] === 0
  if (empty) return 0
  if (database.prepare('PRAGMA application_id').get()?.['application_id'] !== APPLICATION_ID) {
    throw incompatibleOutbox(
      `${path} is a SQLite file, but no outbox`,
      'Pass the path of an outbox, or of a new file; the register has a file of its own',
    )
  }
  return database.prepare('SELECT max(version) AS version FROM schema_versions').get()?.['version'] as number
}

/**
 * Brings an outbox to the newest schema, in one transaction.
 * @throws GroundtraceError `outbox-incompatible` for a file of something else or of a newer schema
 */
export function migrate(
  database: DatabaseSync,
  { path, readOnly, now }: MigrateOptions,
  migrations: readonly Migration[] = MIGRATIONS,
): void {
  const found = versionOf(database, path)
  const newest = migrations.at(-1)?.version ?? 0
  if (found > newest) {
    throw incompatibleOutbox(
      `The outbox ${path} has schema ${found}; this version of Groundtrace knows up to ${newest}`,
      'Update Groundtrace',
    )
  }
  if (found === newest && readOnly) return
  if (readOnly) throw incompatibleOutbox(`The outbox ${path} has the old schema ${found}`, 'Open it once for writing')
  database.exec('PRAGMA journal_mode = WAL')
  if (found === newest) return
  database.exec('BEGIN IMMEDIATE')
  try {
    if (found === 0) database.exec(`PRAGMA application_id = ${APPLICATION_ID}; ${SCHEMA_VERSIONS}`)
    const record = database.prepare('INSERT INTO schema_versions VALUES (?, ?, ?)')
    for (const { version, what, sql } of migrations.filter((migration) => migration.version > found)) {
      database.exec(sql)
      record.run(version, what, now())
    }
    database.exec('COMMIT')
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}
