import type { Model, VersionRecord } from '@groundtrace/core'
import { Remembered } from '../decide/remembered.ts'
import { MOST_BROUGHT_VERSIONS, MOST_REMEMBERED_VERSIONS } from '../decide/version-rules.ts'
import type { Connection, Database, Statement } from './database.ts'
import { LOCKS } from './schema.ts'

/** The row of a version of one call; undefined where it has none. */
export type RowOfVersion = (model: Model) => number | undefined

/** Model versions; each has a row. */
export interface Versions {
  /** The rows of versions, made where they are new. */
  rowsOf(models: readonly Model[]): Promise<RowOfVersion>
  /** The same for predictions: a version that is new has none where there is no room for it. */
  rowsOfBrought(models: readonly Model[]): Promise<RowOfVersion>
  records(): Promise<readonly VersionRecord[]>
}

interface VersionRow {
  readonly id: number
  readonly model: string
  readonly version: string
}

/** The tally that counts the predictions of a version. */
export const versionTally = (id: number): string => `version.${id}`

const key = (model: string, version: string): string => `${model} ${version}`

export function versionTable(database: Database): Versions {
  const { schema: s, lockClass } = database
  const insert: Statement = {
    name: 'version-insert',
    sql: `INSERT INTO ${s}.versions (model, version)
      SELECT model, version FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS new (model, version, place) ORDER BY place
      ON CONFLICT DO NOTHING`,
  }
  const insertBrought: Statement = {
    name: 'version-bring',
    sql: `INSERT INTO ${s}.versions (model, version)
      SELECT model, version FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS new (model, version, place)
      WHERE NOT EXISTS (SELECT FROM ${s}.versions v WHERE v.model = new.model AND v.version = new.version)
      ORDER BY place LIMIT greatest(0, ${MOST_BROUGHT_VERSIONS} - (
        SELECT count(*) FROM ${s}.versions WHERE trained IS NULL AND live IS NULL
      ))
      ON CONFLICT DO NOTHING`,
  }
  // One at a time: who makes several at once may wait for somebody who waits for him.
  const lock = `SELECT pg_advisory_xact_lock(${lockClass}, ${LOCKS.versions})`
  const select: Statement = {
    name: 'version-select',
    sql: `SELECT v.id, v.model, v.version FROM ${s}.versions v
      JOIN unnest($1::text[], $2::text[]) AS new (model, version) USING (model, version)`,
  }
  const selectAll: Statement = {
    name: 'version-records',
    sql: `SELECT v.model, v.version, v.trained, v.trained_on, v.validated_on, coalesce(t.predictions, 0) AS predictions
      FROM ${s}.versions v LEFT JOIN (
        SELECT name, sum(value)::bigint AS predictions FROM ${s}.tallies WHERE name LIKE 'version.%' GROUP BY name
      ) t ON t.name = 'version.' || v.id
      WHERE t.predictions > 0 OR v.trained IS NOT NULL ORDER BY v.model, v.id`,
  }
  const ids = new Remembered<string, number>(MOST_REMEMBERED_VERSIONS)

  async function rowsOf(models: readonly Model[], making: Statement): Promise<RowOfVersion> {
    const rows = new Map<string, number>()
    const missing = new Map<string, Model>()
    for (const model of models) {
      const name = key(model.name, model.version)
      const id = ids.get(name)
      if (id === undefined) missing.set(name, model)
      else rows.set(name, id)
    }
    const columns = (): string[][] => {
      const list = [...missing.values()]
      return [list.map(({ name }) => name), list.map(({ version }) => version)]
    }
    async function look(connection: Connection): Promise<void> {
      for (const row of await connection.rows<VersionRow>(select, columns())) {
        const name = key(row.model, row.version)
        rows.set(name, row.id)
        ids.set(name, row.id)
        missing.delete(name)
      }
    }
    if (missing.size > 0) await database.read(look)
    if (missing.size > 0) {
      await database.write((connection) => connection.rows(making, columns()), lock)
      await database.read(look)
    }
    return ({ name, version }) => rows.get(key(name, version))
  }

  return {
    rowsOf: (models) => rowsOf(models, insert),
    rowsOfBrought: (models) => rowsOf(models, insertBrought),
    async records() {
      const rows = await database.read((connection) =>
        connection.rows<{
          readonly model: string
          readonly version: string
          readonly trained_on: string | null
          readonly validated_on: string | null
          readonly predictions: number
        }>(selectAll),
      )
      return rows.map((row) => ({
        model: row.model,
        version: row.version,
        ...(row.trained_on === null ? {} : { trainedOn: row.trained_on }),
        ...(row.validated_on === null ? {} : { validatedOn: row.validated_on }),
        predictions: row.predictions,
      }))
    },
  }
}
