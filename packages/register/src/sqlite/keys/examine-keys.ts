import { bad, good, type Finding } from '../../finding.ts'
import type { Store } from '../store.ts'
import { predictionKeys, TRACES, UNSEALED, type Keyed } from './prediction-keys.ts'

/** Predictions that are looked up when not all are. */
const SAMPLED = 1000

/** A prediction as its keys were made: a member is not found by its business key. */
const KEYED = `SELECT p.position, p.id, p.task, p.time, body.user_json AS user,
    CASE WHEN p.whole IS NULL THEN p.entity END AS entity
  FROM predictions p LEFT JOIN prediction_payloads body ON body.position = p.position`

/** Predictions after the last sealed run. */
const UNSEALED_ROWS = `SELECT count(*) AS rows FROM predictions
  WHERE position > (SELECT coalesce(max(last), 0) FROM key_runs WHERE key_index = ?)`

const NEXT_STEP =
  'Restore a backup: feedback on such predictions waits for ever, and when they are sent again they are stored twice'

interface Chosen {
  readonly full: boolean
  readonly random: () => number
}

/** All rows, or some that were chosen by chance. */
function* rowsOf(store: Store, { full, random }: Chosen): Generator<Keyed> {
  if (full) {
    yield* store.prepare(`${KEYED} ORDER BY p.position`).iterate() as unknown as Iterable<Keyed>
    return
  }
  const range = store.prepare('SELECT min(position) AS first, max(position) AS last FROM predictions').get()
  if (range?.['last'] === null) return
  const { first, last } = range as { first: number; last: number }
  const select = store.prepare(`${KEYED} WHERE p.position >= ? ORDER BY p.position LIMIT 1`)
  for (let sampled = 0; sampled < SAMPLED; sampled += 1) {
    yield select.get(first + Math.floor(random() * (last - first + 1))) as unknown as Keyed
  }
}

/** Looks predictions up by ID, business key and user, as joins and erasures do: a thousand by chance, or all. */
export function examineKeys(store: Store, chosen: Chosen): Finding {
  const unsealed = store.prepare(UNSEALED_ROWS).get(TRACES)?.['rows'] as number
  if (unsealed > UNSEALED) return bad('keys', `the keys of the last ${unsealed} predictions are not sealed`, NEXT_STEP)
  const keys = predictionKeys(store, () => 0)
  let looked = 0
  const unknown: string[] = []
  for (const row of rowsOf(store, chosen)) {
    looked += 1
    if (!keys.knows(row)) unknown.push(row.id)
  }
  if (unknown.length === 0) {
    return good(
      'keys',
      chosen.full ? `lead to all ${looked} predictions` : `lead to ${looked} predictions chosen by chance`,
    )
  }
  const cause = `${unknown.length} of ${looked} predictions are not found by their keys, such as ${unknown[0]}`
  return bad('keys', cause, NEXT_STEP)
}
