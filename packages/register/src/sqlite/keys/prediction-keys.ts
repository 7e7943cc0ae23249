import type { TrackingId } from '@groundtrace/core'
import type { Store } from '../store.ts'
import { keyHasher, type KeyHash } from './key-hash.ts'
import { keyRuns } from './key-runs.ts'
import { keyTail } from './key-tail.ts'

/** Rows whose keys stay in memory until they are sealed: sealing so many takes a few milliseconds. */
const UNSEALED = 2 ** 15

const TRACES = 0
const ENTITIES = 1

/** A trace ID in hex, as a tracking ID begins. */
const TRACE_DIGITS = 32

/** What a prediction is found by, beside its position. */
export interface Keyed {
  readonly position: number
  readonly id: TrackingId
  readonly task: number
  readonly version: number
  readonly time: number
  readonly entity: string | null
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
  /**
   * The latest prediction of a business key by one model version, at a time or before.
   * @param accepts compares the row at a position
   */
  latest(
    key: { readonly task: number; readonly version: number; readonly entity: string; readonly atMost: number },
    accepts: (position: number) => boolean,
  ): readonly number[]
}

export function predictionKeys(store: Store): PredictionKeys {
  const selectSeed = store.prepare('SELECT high, low FROM key_seed')
  const selectAfter = store.prepare(
    'SELECT position, id, task, version, time, entity FROM predictions WHERE position > ? ORDER BY position',
  )
  const hash = keyHasher(selectSeed.get() as unknown as KeyHash)
  const traces = { runs: keyRuns(store, TRACES), tail: keyTail(UNSEALED) }
  const entities = { runs: keyRuns(store, ENTITIES), tail: keyTail(UNSEALED) }
  let state: 'fresh' | 'changed' | 'unknown' = 'unknown'
  store.onStale((why) => {
    if (state !== 'unknown') state = why === 'rolled-back' ? 'unknown' : 'changed'
  })

  const traceKey = (id: string): KeyHash => hash(id.slice(0, TRACE_DIGITS))
  /** Tells the predictions of a trace apart: a batch has thousands. */
  const spanOrder = (id: TrackingId): number => hash(id.slice(TRACE_DIGITS)).high
  const entityKey = (task: number, version: number, entity: string): KeyHash => hash(entity, `${task}/${version}`)

  function put({ position, id, task, version, time, entity }: Keyed): void {
    traces.tail.add(traceKey(id), spanOrder(id), position)
    if (entity !== null) entities.tail.add(entityKey(task, version, entity), time, position)
  }

  /** Takes up what others wrote, or what a rollback left. */
  function catchUp(): void {
    if (state === 'fresh') return
    const sealed = traces.runs.last()
    for (const { runs } of [traces, entities]) {
      if (state === 'unknown') runs.forget()
      runs.refresh()
    }
    const last = traces.runs.last()
    if (state === 'unknown' || last !== sealed) for (const { tail } of [traces, entities]) tail.clear()
    const known = Math.max(traces.tail.last() ?? 0, last)
    for (const row of selectAfter.iterate(known)) put(row as unknown as Keyed)
    state = 'fresh'
  }

  /** Every row has a trace, so the other tail is never fuller. Both are sealed at one row. */
  function seal(): void {
    for (const { tail, runs } of [traces, entities]) {
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
      const key = traceKey(id)
      const order = spanOrder(id)
      const found: number[] = []
      traces.tail.each(key, (at, position) => {
        if (at === order) found.push(position)
      })
      traces.runs.rising(key, order, (at, position) => {
        if (at === order) found.push(position)
        return at === order
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
    latest({ task, version, entity, atMost }, accepts) {
      catchUp()
      const key = entityKey(task, version, entity)
      let latest = Number.NEGATIVE_INFINITY
      let found: number[] = []
      function consider(time: number, position: number): void {
        if (time > atMost || time < latest || !accepts(position)) return
        if (time > latest) found = []
        latest = time
        found.push(position)
      }
      entities.tail.each(key, consider)
      entities.runs.falling(key, atMost, (time, position) => {
        consider(time, position)
        return time >= latest
      })
      return found
    },
  }
}
