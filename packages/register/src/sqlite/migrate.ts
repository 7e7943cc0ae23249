import type { DatabaseSync } from 'node:sqlite'
import { GroundtraceError } from '@groundtrace/core'
import { fileKind } from './file-header.ts'
import { APPLICATION_ID, MIGRATIONS, SCHEMA_VERSIONS, type Migration } from './schema.ts'
import { noRegister } from './store-error.ts'

interface MigrateOptions {
  readonly path: string
  readonly readOnly: boolean
  readonly now: () => number
}

function incompatible(cause: string, nextStep: string): GroundtraceError {
  return new GroundtraceError('register-incompatible', cause, nextStep)
}

function pragma(database: DatabaseSync, name: string): unknown {
  return database.prepare(`PRAGMA ${name}`).get()?.[name]
}

function otherDatabase(path: string): GroundtraceError {
  return incompatible(`${path} is a SQLite file, but no register`, 'Pass the path of a register, or of a new file')
}

/**
 * Refuses a file that is no register before SQLite opens it, and leaves a log beside it.
 * @throws GroundtraceError `register-incompatible`
 */
export function expectRegister(path: string): void {
  const kind = fileKind(path)
  if (kind === 'no-database') throw noRegister(path)
  if (kind === 'other-database') throw otherDatabase(path)
}

/** The schema version of a file: 0 when it is empty. @throws GroundtraceError `register-incompatible` when it is something else */
function versionOf(database: DatabaseSync, path: string): number {
  const empty = database.prepare('SELECT count(*) AS parts FROM sqlite_schema').get()?.['parts'] === 0
  if (empty) return 0
  if (pragma(database, 'application_id') !== APPLICATION_ID) throw otherDatabase(path)
  return database.prepare('SELECT max(version) AS version FROM schema_versions').get()?.['version'] as number
}

function newest(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.version ?? 0
}

/**
 * Brings a register file to the newest schema, in one transaction: two processes that start at once both find it done.
 * @throws GroundtraceError `register-incompatible` for a file of something else or of a newer schema
 */
export function migrate(
  database: DatabaseSync,
  { path, readOnly, now }: MigrateOptions,
  migrations: readonly Migration[] = MIGRATIONS,
): void {
  const found = versionOf(database, path)
  if (found > newest(migrations)) {
    throw incompatible(
      `The register ${path} has schema ${found}; this version of Groundtrace knows up to ${newest(migrations)}`,
      'Update Groundtrace',
    )
  }
  if (readOnly) {
    if (found === newest(migrations)) return
    throw incompatible(
      found === 0 ? `${path} is empty` : `The register ${path} has the old schema ${found}`,
      'Open it once without readOnly',
    )
  }
  // Not transactional, so it comes first; where it holds already this writes nothing.
  // Payloads take kilobytes: larger pages hold more of them whole, and a commit writes a quarter of the frames.
  database.exec('PRAGMA page_size = 16384')
  database.exec('PRAGMA journal_mode = WAL')
  if (found === newest(migrations)) return
  database.exec('BEGIN IMMEDIATE')
  try {
    step(database, versionOf(database, path), migrations, now())
    database.exec('COMMIT')
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}

function step(database: DatabaseSync, from: number, migrations: readonly Migration[], recorded: number): void {
  if (from === 0) database.exec(`PRAGMA application_id = ${APPLICATION_ID}; ${SCHEMA_VERSIONS}`)
  const record = database.prepare('INSERT INTO schema_versions VALUES (?, ?, ?)')
  for (const { version, what, sql } of migrations.filter((migration) => migration.version > from)) {
    database.exec(sql)
    record.run(version, what, recorded)
  }
}
