import type { TrackingId } from '@groundtrace/core'
import type { Store } from '../store.ts'
import { keyHasher, type KeyHash } from './key-hash.ts'
import { keyRuns, type KeyRuns } from './key-runs.ts'
import { keyTail, type KeyTail } from './key-tail.ts'
import { latestEntries } from './latest-entries.ts'

/** Rows whose keys stay in memory until they are sealed: sealing so many takes a few milliseconds. */
export const UNSEALED = 2 ** 15

/** Number of the index that every prediction is in. */
export const TRACES = 0
const ENTITIES = 1
const USERS = 2

/** A trace ID in hex, as a tracking ID begins. */
const TRACE_DIGITS = 32

/** One index: what is sealed of it, and what is not yet. */
interface Index {
  readonly runs: KeyRuns
  readonly tail: KeyTail
}

/** What a prediction is found by, beside its position. */
export interface Keyed {
  readonly position: number
  readonly id: TrackingId
  readonly task: number
  readonly time: number
  readonly entity: string | null
  /** Whom it was made for, as the payload has it; NULL when that is erased. */
  readonly user: string | null
}

/**
 * Finds the positions of predictions by ID, by trace and by business key. Tracking IDs are random, so every entry of an
 * ordinary index would change another page of it: with a million rows that takes ten times as long as the row itself. Here
 * the newest entries stay in memory, and are rebuilt from their rows; older ones are sealed in sorted runs, in the
 * transaction of the rows, each with a Bloom filter, so that an ID that is new is known to be new without reading.
 *
 * What is found is a candidate, by 64 bits of the key: whoever asks compares the row.
 */
export interface PredictionKeys {
  add(prediction: Keyed): void
  /** Where the prediction of this ID may be. */
  ofId(id: TrackingId): readonly number[]
  /** Where the predictions of this trace may be. */
  ofTrace(traceId: string): readonly number[]
  /** Where the predictions of a business key at a time or before may be: the latest first, at most so many. */
  latest(
    key: { readonly task: number; readonly entity: string; readonly atMost: number },
    most: number,
  ): readonly number[]
  /** Where the predictions for a user may be, of those that are not sealed yet. */
  unsealed(user: string): readonly number[]
  /**
   * Takes links from a user to accepted positions out of what is sealed, some of them, so that nothing is left of them but a
   * trace in a filter. @returns the positions; none when none is left
   */
  unlink(user: string, accepts: (position: number) => boolean): readonly number[]
  /** Whether all that it should be found by leads to this prediction. */
  knows(prediction: Keyed): boolean
  /** Drops sealed runs of whose rows none is left. */
  dropGone(): void
  /** Users of rows that are not sealed were erased: reads those rows again before anything is sealed. */
  readAgain(): void
}

/** Whether an entry of a key leads to a position. */
function leadsTo(wanted: number, { runs, tail }: Index, key: KeyHash, order: number): boolean {
  let found = false
  tail.at(key, order, (_, position) => void (found ||= position === wanted))
  runs.rising(key, order, (at, position) => {
    found ||= at === order && position === wanted
    return at === order && !found
  })
  return found
}

/** @param erasures how many payloads were erased so far: when others erase, rows that are not sealed are read again */
export function predictionKeys(store: Store, erasures: () => number): PredictionKeys {
  const selectSeed = store.prepare('SELECT high, low FROM key_seed')
  const selectAfter = store.prepare(
    `SELECT p.position, p.id, p.task, p.time, p.entity, body.user_json AS user
     FROM predictions p LEFT JOIN prediction_payloads body ON body.position = p.position
     WHERE p.position > ? ORDER BY p.position`,
  )
  const selectBetween = store.prepare('SELECT 1 FROM predictions WHERE position BETWEEN ? AND ? LIMIT 1')
  const hash = keyHasher(selectSeed.get() as unknown as KeyHash)
  const traces = { runs: keyRuns(store, TRACES), tail: keyTail(UNSEALED) }
  const entities = { runs: keyRuns(store, ENTITIES), tail: keyTail(UNSEALED) }
  const users = { runs: keyRuns(store, USERS), tail: keyTail(UNSEALED) }
  const indexes = [traces, entities, users]
  let state: 'fresh' | 'changed' | 'unknown' = 'unknown'
  let seenErasures = 0
  store.onStale((why) => {
    if (state !== 'unknown') state = why === 'rolled-back' ? 'unknown' : 'changed'
  })

  const traceKey = (id: string): KeyHash => hash(id.slice(0, TRACE_DIGITS))
  /** Tells the predictions of a trace apart: a batch has thousands. */
  const spanOrder = (id: TrackingId): number => hash(id.slice(TRACE_DIGITS)).high
  const entityKey = (task: number, entity: string): KeyHash => hash(entity, String(task))

  /** Whoever adds an ID has just looked for it. */
  let lookedFor: { readonly id: TrackingId; readonly trace: KeyHash; readonly span: number } | undefined

  function placeOf(id: TrackingId): { readonly trace: KeyHash; readonly span: number } {
    if (lookedFor?.id !== id) lookedFor = { id, trace: traceKey(id), span: spanOrder(id) }
    return lookedFor
  }

  function put({ position, id, task, time, entity, user }: Keyed): void {
    const { trace, span } = placeOf(id)
    traces.tail.add(trace, span, position)
    if (entity !== null) entities.tail.add(entityKey(task, entity), time, position)
    if (user !== null) users.tail.add(hash(user), position, position)
  }

  /** Takes up what others wrote, or what a rollback left. */
  function catchUp(): void {
    if (state === 'fresh') return
    const erased = erasures()
    if (erased !== seenErasures) state = 'unknown'
    seenErasures = erased
    const sealed = traces.runs.last()
    for (const { runs } of indexes) {
      if (state === 'unknown') runs.forget()
      runs.refresh()
    }
    const last = traces.runs.last()
    if (state === 'unknown' || last !== sealed) for (const { tail } of indexes) tail.clear()
    const known = Math.max(traces.tail.last() ?? 0, last)
    for (const row of selectAfter.iterate(known)) put(row as unknown as Keyed)
    state = 'fresh'
  }

  /** Every row has a trace, so no other tail is fuller. All are sealed at one row. */
  function seal(): void {
    for (const { tail, runs } of indexes) {
      if (tail.length() > 0) runs.seal(tail.sorted())
      tail.clear()
    }
  }

  return {
    add(prediction) {
      catchUp()
      if (traces.tail.length() === UNSEALED) seal()
      put(prediction)
    },
    ofId(id) {
      catchUp()
      const { trace, span } = placeOf(id)
      const found: number[] = []
      traces.tail.at(trace, span, (_, position) => void found.push(position))
      traces.runs.rising(trace, span, (at, position) => {
        if (at === span) found.push(position)
        return at === span
      })
      return found
    },
    ofTrace(traceId) {
      catchUp()
      const key = traceKey(traceId)
      const found: number[] = []
      traces.tail.each(key, (_, position) => void found.push(position))
      traces.runs.rising(key, Number.NEGATIVE_INFINITY, (_, position) => found.push(position) > 0)
      return found
    },
    latest({ task, entity, atMost }, most) {
      catchUp()
      const key = entityKey(task, entity)
      const latest = latestEntries(most)
      entities.tail.each(key, (time, position) => {
        if (time <= atMost) latest.add(time, position)
      })
      entities.runs.falling(key, atMost, (time, position) => latest.add(time, position))
      return latest.positions()
    },
    unsealed(user) {
      catchUp()
      const found: number[] = []
      users.tail.each(hash(user), (_, position) => void found.push(position))
      return found
    },
    unlink(user, accepts) {
      catchUp()
      return users.runs.wipe(hash(user), accepts)
    },
    knows({ position, id, task, time, entity, user }) {
      catchUp()
      return (
        leadsTo(position, traces, traceKey(id), spanOrder(id)) &&
        (entity === null || leadsTo(position, entities, entityKey(task, entity), time)) &&
        (user === null || leadsTo(position, users, hash(user), position))
      )
    },
    dropGone() {
      catchUp()
      for (const { runs } of indexes) {
        runs.dropGone((first, last) => selectBetween.get(first, last) === undefined)
      }
    },
    readAgain() {
      state = 'unknown'
    },
  }
}
