import type { Model, VersionRecord } from '@groundtrace/core'
import type { Store } from './store.ts'

export interface Versions {
  /** Row of a model version; made when it is new. */
  idOf(model: Model): number
  of(id: number): Model
  /** Adds to the predictions of a version. */
  count(id: number, predictions: number): void
  records(): readonly VersionRecord[]
}

export function versionTable(store: Store): Versions {
  const selectId = store.prepare('SELECT id FROM versions WHERE model = ? AND version = ?')
  const select = store.prepare('SELECT model, version FROM versions WHERE id = ?')
  const insert = store.prepare('INSERT INTO versions (model, version) VALUES (?, ?)')
  const add = store.prepare('UPDATE versions SET predictions = predictions + ? WHERE id = ?')
  const selectAll = store.prepare(
    `SELECT model, version, trained_on, validated_on, predictions FROM versions
     WHERE predictions > 0 OR trained IS NOT NULL ORDER BY model, id`,
  )

  const ids = new Map<string, number>()
  const models = new Map<number, Model>()
  const pending = new Map<number, number>()
  store.onStale(() => {
    ids.clear()
    models.clear()
    pending.clear()
  })
  store.beforeCommit(() => {
    for (const [id, predictions] of pending) add.run(predictions, id)
    pending.clear()
  })

  return {
    idOf({ name, version }) {
      const key = `${name} ${version}`
      const cached = ids.get(key)
      if (cached !== undefined) return cached
      const row = selectId.get(name, version)
      const id = row === undefined ? Number(insert.run(name, version).lastInsertRowid) : (row['id'] as number)
      ids.set(key, id)
      return id
    },
    of(id) {
      const cached = models.get(id)
      if (cached !== undefined) return cached
      const row = select.get(id) as { model: string; version: string }
      const model = { name: row.model, version: row.version }
      models.set(id, model)
      return model
    },
    count: (id, predictions) => void pending.set(id, (pending.get(id) ?? 0) + predictions),
    records: () =>
      selectAll.all().map((row) => ({
        model: row['model'] as string,
        version: row['version'] as string,
        ...(row['trained_on'] === null ? {} : { trainedOn: row['trained_on'] as string }),
        ...(row['validated_on'] === null ? {} : { validatedOn: row['validated_on'] as string }),
        predictions: row['predictions'] as number,
      })),
  }
}
