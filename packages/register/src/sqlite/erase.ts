import type { TrackingId } from '@groundtrace/core'
import type { Erased } from '../checked-register.ts'
import { jsonOf } from '../json-column.ts'
import type { Store } from './store.ts'
import type { Lineage } from './lineage.ts'
import type { PredictionKeys } from './keys/prediction-keys.ts'
import type { TallyTable } from './tallies.ts'

export interface Erasing {
  /** Empties the payload rows of predictions and of all feedback on them. @returns how many were not empty before */
  predictions(predictions: readonly TrackingId[]): number
  /** Empties some of the payload rows of a person. */
  user(user: string): Erased
}

interface Parts {
  readonly keys: PredictionKeys
  readonly position: (id: TrackingId) => number | undefined
  readonly lineage: Lineage
  readonly tallies: TallyTable
}

/** Payload rows of a person in one transaction, about. */
const STEP = 500

interface FeedbackPayloadRow {
  readonly id: number
  /** The feedback that has it, and the prediction that it is about, as far as that is known. */
  readonly feedback: TrackingId | null
  readonly prediction: TrackingId | null
}

/** A row stays where a payload was: without it, a line that is sent again would be a line with new content. */
export function erasing(store: Store, { keys, position, lineage, tallies }: Parts): Erasing {
  const selectUser = store.prepare('SELECT user_json FROM prediction_payloads WHERE position = ?')
  const selectId = store.prepare('SELECT id FROM predictions WHERE position = ?')
  const empty = store.prepare(
    `UPDATE prediction_payloads SET user_json = NULL, features_json = NULL
     WHERE position = ? AND (user_json IS NOT NULL OR features_json IS NOT NULL)`,
  )
  const emptyFeedbackOn = store.prepare(
    `UPDATE feedback_payloads SET user_json = NULL, words_json = NULL
     WHERE (user_json IS NOT NULL OR words_json IS NOT NULL) AND id IN (
       SELECT payload FROM feedback WHERE prediction = ? AND payload IS NOT NULL
       UNION SELECT payload FROM pen WHERE prediction = ? AND payload IS NOT NULL)`,
  )
  const emptyFeedback = store.prepare('UPDATE feedback_payloads SET user_json = NULL, words_json = NULL WHERE id = ?')
  const selectFeedback = store.prepare(
    `SELECT body.id, coalesce(f.id, w.id) AS feedback, coalesce(p.id, w.prediction) AS prediction
     FROM feedback_payloads body
       LEFT JOIN feedback f ON f.payload = body.id LEFT JOIN predictions p ON p.position = f.prediction
       LEFT JOIN pen w ON w.payload = body.id
     WHERE body.user_json = ? LIMIT ${STEP}`,
  )

  const userOf = (at: number): string | null | undefined =>
    selectUser.get(at)?.['user_json'] as string | null | undefined

  /** Counts payload rows that went. */
  function counted(payloads: number): number {
    tallies.add('payloads.erased', payloads)
    return payloads
  }

  /** Wipes links from users to rows whose payload is empty. */
  function unlink(users: ReadonlyMap<number, string>): void {
    for (const user of new Set(users.values())) {
      for (let left = true; left;) left = keys.unlink(user, (at) => users.get(at) === user).length > 0
    }
  }

  /** Rows of a person that are sealed, and those that are not yet. Their links are gone. */
  function linked(userJson: string): readonly number[] {
    // Who follows a link compares; a row that is empty or gone is nobody's any more.
    const isOrWasTheirs = (at: number): boolean => (userOf(at) ?? userJson) === userJson
    const sealed = keys.unlink(userJson, isOrWasTheirs)
    if (sealed.length > 0) return sealed
    const fresh = keys.unsealed(userJson).filter((at) => userOf(at) === userJson)
    if (fresh.length > 0) keys.readAgain()
    return fresh.slice(0, STEP)
  }

  return {
    predictions(ids) {
      const users = new Map<number, string>()
      let payloads = 0
      for (const id of ids) {
        const at = position(id) ?? null
        const user = at === null ? undefined : userOf(at)
        const changes = Number(empty.run(at).changes) + Number(emptyFeedbackOn.run(at, id).changes)
        if (changes > 0) lineage.lose('erased', id)
        if (at !== null && typeof user === 'string') users.set(at, user)
        payloads += changes
      }
      if (users.size > 0) keys.readAgain()
      unlink(users)
      return counted(payloads)
    },
    user(user) {
      const userJson = jsonOf(user) as string
      const positions = linked(userJson)
      const gone = positions.filter((at) => userOf(at) === userJson && empty.run(at).changes === 1)
      for (const at of gone) lineage.lose('erased', selectId.get(at)?.['id'] as TrackingId)
      const said = selectFeedback.all(userJson) as unknown as readonly FeedbackPayloadRow[]
      for (const { id, feedback, prediction } of said) {
        emptyFeedback.run(id)
        if (feedback !== null && prediction !== null) lineage.lose('erased', prediction, feedback)
      }
      return { payloads: counted(gone.length + said.length), done: positions.length + said.length === 0 }
    },
  }
}
