import { MAX_WAITING, type Pen, type PenRow, type WaitingRow } from '../decide/books.ts'
import { replacedBy } from '../feedback-payload.ts'
import { FEEDBACK_COLUMNS, PAYLOAD_JOIN } from './feedback-ledger.ts'
import type { Store } from './store.ts'
import type { TallyTable } from './tallies.ts'

export interface PenTable extends Pen {
  /** Those after a place, in the order in which they came; only those that name a prediction by its ID where one is given. */
  after(sequence: number, limit: number, prediction: string | undefined): readonly PenRow[]
  /** Of those that came first, at most `limit`: the ones that came before a time. */
  cameBefore(time: number, limit: number): readonly WaitingRow[]
}

export function feedbackPen(store: Store, tallies: TallyTable): PenTable {
  const insert = store.prepare(`
    INSERT INTO pen (id, prediction, task, entity, time, replaces, line_json, payload, recorded)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const remove = store.prepare('DELETE FROM pen WHERE sequence = ?')
  const selectOldest = store.prepare(
    'SELECT sequence, payload, recorded FROM pen WHERE sequence > 0 ORDER BY sequence LIMIT ?',
  )
  const countById = store.prepare('SELECT count(*) AS waiting FROM pen WHERE prediction = ?')
  const countByKey = store.prepare('SELECT count(*) AS waiting FROM pen WHERE entity = ? AND task = ?')
  const columns = `${FEEDBACK_COLUMNS}, f.sequence, f.recorded`
  const rows = `SELECT ${columns} FROM pen f ${PAYLOAD_JOIN}`
  const select = store.prepare(`${rows} WHERE f.id = ?`)
  const selectAfter = store.prepare(`${rows} WHERE f.sequence > ? ORDER BY f.sequence LIMIT ?`)
  const selectFor = store.prepare(`${rows} WHERE f.prediction = ? AND f.sequence > ? ORDER BY f.sequence LIMIT ?`)
  const selectReplacing = store.prepare(`${rows} WHERE f.replaces = ? ORDER BY f.sequence`)
  const selectCalled = store.prepare(`${rows} WHERE f.sequence IN (
      SELECT pen.sequence FROM predictions p CROSS JOIN pen ON pen.prediction = p.id
      WHERE p.position > ?
      UNION
      SELECT pen.sequence FROM predictions p CROSS JOIN tasks t ON t.id = p.task
        CROSS JOIN pen ON pen.entity = p.entity AND pen.task = t.name AND pen.time >= p.time
      WHERE p.position > ? AND p.entity IS NOT NULL AND p.whole IS NULL
    ) ORDER BY f.sequence`)

  return {
    empty: () => tallies.value('feedback.penned') === 0,
    full(target) {
      const row = 'prediction' in target ? countById.get(target.prediction) : countByKey.get(target.entity, target.task)
      return (row?.['waiting'] as number) >= MAX_WAITING
    },
    put(kept) {
      const { feedback, lineJson, payload, recorded } = kept
      const { id, target, time } = feedback
      const [prediction, task, entity] =
        'prediction' in target ? [target.prediction, null, null] : [null, target.task, target.entity]
      insert.run(id, prediction, task, entity, time, replacedBy(feedback) ?? null, lineJson, payload, recorded)
      tallies.add('feedback.penned', 1)
    },
    take(row) {
      remove.run(row.sequence)
      tallies.add('feedback.penned', -1)
    },
    after: (sequence, limit, prediction) =>
      (prediction === undefined
        ? selectAfter.all(sequence, limit)
        : selectFor.all(prediction, sequence, limit)) as unknown as PenRow[],
    cameBefore: (time, limit) =>
      (selectOldest.all(limit) as unknown as WaitingRow[]).filter(({ recorded }) => recorded < time),
    row: (id) => select.get(id) as unknown as PenRow | undefined,
    calledBy: (position) => selectCalled.all(position, position) as unknown as PenRow[],
    replacing: (id) => selectReplacing.all(id) as unknown as PenRow[],
  }
}
