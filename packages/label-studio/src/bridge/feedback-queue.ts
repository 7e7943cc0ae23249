import type { Feedback, Receipt, Register } from '@groundtrace/core'
import type { Store } from './store.ts'

/**
 * Feedback on its way to the register. It is put here in the transaction that makes it, and its ID is derived from what it
 * says: so it is appended once, whatever dies in between.
 */
export interface FeedbackQueue {
  /** Adds lines; one whose ID is here already is left as it is. @returns how many are new */
  put(feedback: readonly Feedback[]): number
  /** One line and what became of it; undefined when it was never put. */
  get(id: string): { readonly feedback: Feedback; readonly receipt?: Receipt } | undefined
  /** How many wait, and what became of the others. */
  counts(): Readonly<Record<string, number>>
  /**
   * Appends what waits, in order. What the register has already it calls a duplicate.
   * @returns how many lines
   * Rejects as the register does; the lines wait on.
   */
  flush(register: Pick<Register, 'appendFeedback'>): Promise<number>
  /**
   * Puts lines on their way again when the register has lost some that it had acknowledged: it was restored from a backup.
   * That shows in the newest of them. Of one whose prediction is gone as well it can't be told: it may have been pruned.
   * @returns how many lines wait again
   * Rejects as the register does
   */
  regain(register: Pick<Register, 'feedback' | 'prediction'>): Promise<number>
}

/** Lines appended at once. */
const BATCH = 500

/** Acknowledged lines that are looked for in the register: it loses the newest first. */
const WITNESSES = 5

const feedbackOf = (row: Readonly<Record<string, unknown>>): Feedback =>
  JSON.parse(row['feedback_json'] as string) as Feedback

export function openFeedbackQueue(store: Store): FeedbackQueue {
  const insert = store.prepare(`
    INSERT INTO feedback (id, feedback_json, recorded) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING`)
  const one = store.prepare('SELECT id, feedback_json, status, reason FROM feedback WHERE id = ?')
  const waiting = store.prepare(`
    SELECT feedback_json FROM feedback WHERE status IS NULL ORDER BY position LIMIT ${BATCH}`)
  const settle = store.prepare('UPDATE feedback SET status = ?, reason = ? WHERE id = ?')
  const counts = store.prepare(`
    SELECT coalesce(status, 'waiting') AS status, count(*) AS lines FROM feedback GROUP BY 1 ORDER BY 1`)

  const kept = `status IN ('stored', 'duplicate', 'held')`
  const newest = store.prepare(`
    SELECT feedback_json FROM feedback WHERE ${kept} ORDER BY position DESC LIMIT ${WITNESSES}`)
  const again = store.prepare(`UPDATE feedback SET status = NULL, reason = NULL WHERE ${kept} OR status = 'orphaned'`)

  return {
    put: (feedback) =>
      store.write(() => {
        let added = 0
        for (const line of feedback) added += Number(insert.run(line.id, JSON.stringify(line), store.now()).changes)
        return added
      }),
    get(id) {
      const row = one.get(id)
      if (row === undefined) return undefined
      const { status, reason } = row as { status: Receipt['status'] | null; reason: string | null }
      return {
        feedback: feedbackOf(row),
        ...(status !== null && { receipt: { id, status, ...(reason !== null && { reason }) } }),
      }
    },
    counts: () =>
      Object.fromEntries(
        (counts.all() as { status: string; lines: number }[]).map(({ status, lines }) => [status, lines]),
      ),
    async regain(register) {
      for (const { id, target } of newest.all().map(feedbackOf)) {
        if ((await register.feedback(id)) !== undefined) return 0
        const isThere = 'prediction' in target && (await register.prediction(target.prediction)) !== undefined
        if (isThere) return store.write(() => Number(again.run().changes))
      }
      return 0
    },
    async flush(register) {
      let appended = 0
      for (;;) {
        const lines = waiting.all().map(feedbackOf)
        if (lines.length === 0) return appended
        const receipts = await register.appendFeedback(lines)
        store.write(() => {
          for (const [index, { status, reason }] of receipts.entries()) {
            settle.run(status, reason ?? null, lines[index]?.id ?? '')
          }
        })
        appended += lines.length
      }
    },
  }
}
