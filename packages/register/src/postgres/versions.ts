import type { Model, VersionRecord } from '@groundtrace/core'
import type { Database, Statement } from './database.ts'
import { LOCKS } from './schema.ts'

/** Model versions; each has a row, made when it is new. */
export interface Versions {
  /** Makes sure that all are known to this process. */
  keep(models: Iterable<Model>): Promise<void>
  /** Row of a version that was kept. */
  idOf(model: Model): number
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
  const ids = new Map<string, number>()

  return {
    async keep(models) {
      const fresh = new Map<string, Model>()
      for (const model of models) {
        const name = key(model.name, model.version)
        if (!ids.has(name)) fresh.set(name, model)
      }
      if (fresh.size === 0) return
      const list = [...fresh.values()]
      const columns = [list.map(({ name }) => name), list.map(({ version }) => version)]
      await database.write((connection) => connection.rows(insert, columns), lock)
      const rows = await database.read((connection) => connection.rows<VersionRow>(select, columns))
      for (const row of rows) ids.set(key(row.model, row.version), row.id)
    },
    idOf: ({ name, version }) => ids.get(key(name, version)) as number,
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
