import type { Model, VersionRecord } from '@groundtrace/core'
import { Remembered } from '../decide/remembered.ts'
import { MOST_BROUGHT_VERSIONS, MOST_REMEMBERED_VERSIONS, noRoomForVersion } from '../decide/version-rules.ts'
import type { Store } from './store.ts'

export interface Versions {
  /** Row of a model version; made when it is new. */
  idOf(model: Model): number
  /** The same for a prediction. @throws GroundtraceError `invalid-prediction` when it is new and there is no room for it */
  idOfBrought(model: Model): number
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

  const selectBrought = store.prepare('SELECT count(*) AS brought FROM versions WHERE trained IS NULL AND live IS NULL')

  const ids = new Remembered<string, number>(MOST_REMEMBERED_VERSIONS)
  const models = new Remembered<number, Model>(MOST_REMEMBERED_VERSIONS)
  /** Counted once a transaction. */
  let brought: number | undefined
  const pending = new Map<number, number>()
  store.onStale(() => {
    ids.clear()
    models.clear()
    pending.clear()
    brought = undefined
  })
  store.beforeCommit(() => {
    brought = undefined
    for (const [id, predictions] of pending) add.run(predictions, id)
    pending.clear()
  })

  function known({ name, version }: Model): number | undefined {
    const key = `${name} ${version}`
    const remembered = ids.get(key)
    if (remembered !== undefined) return remembered
    const id = selectId.get(name, version)?.['id'] as number | undefined
    if (id !== undefined) ids.set(key, id)
    return id
  }

  function make({ name, version }: Model): number {
    const id = Number(insert.run(name, version).lastInsertRowid)
    ids.set(`${name} ${version}`, id)
    return id
  }

  return {
    idOf: (model) => known(model) ?? make(model),
    idOfBrought(model) {
      const id = known(model)
      if (id !== undefined) return id
      brought ??= selectBrought.get()?.['brought'] as number
      if (brought >= MOST_BROUGHT_VERSIONS) throw noRoomForVersion(model)
      brought += 1
      return make(model)
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
