import type { Feedback, Outcome, Prediction, TrackingId, Verdict } from '@groundtrace/core'
import {
  MAX_WAITING,
  type FeedbackLedger,
  type KeyedPrediction,
  type Outcomes,
  type Pen,
  type Subject,
  type Subjects,
  type Tallies,
} from '../decide/books.ts'
import { decodeFeedback } from '../feedback-row.ts'
import { decodePrediction } from '../prediction-row.ts'
import { entryOf, keptOf, ledgerRowOf, newEntry, penRowOf, type Entry } from './entry.ts'
import { waitingKey, type Loaded, type SubjectRow } from './load.ts'
import { keyOf, Needs } from './needs.ts'
import type { Tasks } from './tasks.ts'

/** Thrown where a decision asks for what was not loaded; what it needs is noted down in {@link WorkingSet.missing}. */
export class Missing extends Error {}

/** A prediction that this transaction appends; its position is below 0 until it is written. */
export interface FreshPrediction {
  readonly position: number
  readonly prediction: Prediction
}

/** What the decisions of a transaction come to. */
export interface Changes {
  /** Feedback that is new or moved, in the order in which it came to stand where it stands. */
  readonly entries: readonly Entry[]
  /** Lines that were joined before, by position, and whether they are held now. */
  readonly holds: ReadonlyMap<number, boolean>
  readonly outcomes: readonly { readonly prediction: number; readonly outcome: Outcome }[]
  /** Positions of predictions that closed. */
  readonly closed: readonly number[]
  readonly tallies: ReadonlyMap<string, number>
  readonly loss: ReadonlyMap<string, number>
}

/** The books of one transaction, in memory: filled by what was loaded, and kept until they are written. */
export interface WorkingSet {
  readonly subjects: Subjects
  readonly ledger: FeedbackLedger
  readonly pen: Pen
  readonly outcomes: Outcomes
  readonly tallies: Tallies
  /** What was asked for and not loaded: load it and decide again. */
  readonly missing: Needs
  readonly changes: Changes
}

interface Material {
  readonly needs: Needs
  readonly loaded: Loaded
  readonly tasks: Tasks
  readonly recorded: number
  readonly fresh?: readonly FreshPrediction[]
  /** IDs of what may belong to the fresh predictions. */
  readonly called?: readonly TrackingId[]
}

function add(sums: Map<string, number>, name: string, amount: number): void {
  sums.set(name, (sums.get(name) ?? 0) + amount)
}

const firstComeFirst = (a: Entry, b: Entry): number =>
  // What is new came after all that is kept, and counts downwards.
  a.arrival < 0 && b.arrival < 0
    ? b.arrival - a.arrival
    : Number(a.arrival < 0) - Number(b.arrival < 0) || a.arrival - b.arrival

const latestFirst = (a: { time: number; id: string }, b: { time: number; id: string }): number =>
  b.time - a.time || (a.id < b.id ? 1 : -1)

export function workingSet({ needs, loaded, tasks, recorded, fresh = [], called = [] }: Material): WorkingSet {
  const missing = new Needs()
  const entries = new Map(loaded.feedback.map((state) => [state.id, entryOf(state)]))
  const byReplaced = new Map<TrackingId, Entry[]>()
  const byArrival = new Map([...entries.values()].map((entry) => [entry.arrival, entry]))
  /** What joined here, by its position below 0. */
  const byPlace = new Map<number, Entry>()
  const moved = new Set<Entry>()
  const joinedOn = new Map<number, Entry[]>()
  const rows = new Map(loaded.subjects.map((row) => [row.id, row]))
  const idAt = new Map([
    ...loaded.subjects.map(({ id, position }) => [position, id] as const),
    ...loaded.feedback.flatMap(({ prediction, about }) =>
      prediction === null || about === null ? [] : [[prediction, about] as const],
    ),
    ...[...loaded.keyed.values()].flat().map(({ position, id }) => [position, id] as const),
    ...fresh.map(({ position, prediction }) => [position, prediction.id] as const),
  ])
  const freshById = new Map(fresh.map((one) => [one.prediction.id, one]))
  const linesOf = Map.groupBy(loaded.lines, ({ about }) => about)
  const waitingNow = new Map(loaded.waiting)
  const decoded = new Map<TrackingId, Subject>()
  const holds = new Map<number, boolean>()
  const written: { readonly prediction: number; readonly outcome: Outcome }[] = []
  const closed: number[] = []
  const tallies = new Map<string, number>()
  const loss = new Map<string, number>()
  let arrivals = 0
  let places = 0

  for (const entry of entries.values()) index(entry)

  function index(entry: Entry): void {
    if (entry.replaces === null) return
    const list = byReplaced.get(entry.replaces)
    if (list === undefined) byReplaced.set(entry.replaces, [entry])
    else list.push(entry)
  }

  function miss(note: (missing: Needs) => void): never {
    note(missing)
    throw new Missing('Not loaded yet')
  }

  function entry(id: TrackingId): Entry | undefined {
    const found = entries.get(id)
    if (found !== undefined && (found.kept === 'nowhere' || needs.feedback.has(id))) return found
    return needs.feedback.has(id) ? undefined : miss((missing) => missing.feedback.add(id))
  }

  function replacing(id: TrackingId): readonly Entry[] {
    return needs.feedback.has(id) ? (byReplaced.get(id) ?? []) : miss((missing) => missing.feedback.add(id))
  }

  function decode(row: SubjectRow): Subject {
    const known = decoded.get(row.id)
    if (known !== undefined) return known
    const model = { name: row.model, version: row.model_version }
    const subject = {
      position: row.position,
      prediction: decodePrediction(row, tasks.madeWith(row.task, row.horizon_seconds), model),
      outcomeVersion: row.outcome_version,
      closed: row.closed,
    }
    decoded.set(row.id, subject)
    return subject
  }

  function subject(id: TrackingId): Subject | undefined {
    const own = freshById.get(id)
    if (own !== undefined) return { ...own, outcomeVersion: 0, closed: false }
    if (!needs.predictions.has(id)) miss((missing) => missing.predictions.add(id))
    const row = rows.get(id)
    return row === undefined ? undefined : decode(row)
  }

  function keyed(target: Parameters<Subjects['latestByKey']>[0], time: number): readonly KeyedPrediction[] {
    const need = { ...target, time }
    const found = loaded.keyed.get(keyOf(need)) ?? miss((missing) => missing.addKey(need))
    const meant = fresh
      .map(({ position, prediction }) => ({ position, ...prediction, model: prediction.model.name }))
      .filter(({ whole, entity, task }) => whole === undefined && entity === target.entity && task.name === target.task)
      .filter((one) => one.time <= time)
    return meant.length === 0 ? found : [...found, ...meant].sort(latestFirst)
  }

  const idOf = (position: number): TrackingId => idAt.get(position) as TrackingId

  function move(entry: Entry, place: Entry['place']): void {
    entry.place = place
    // Again at the end: the order of joining is that of the last move.
    moved.delete(entry)
    moved.add(entry)
  }

  return {
    missing,
    subjects: {
      subject,
      subjectAt: (position) => subject(idOf(position)) as Subject,
      latestByKey: keyed,
    },
    ledger: {
      keep(draft) {
        arrivals -= 1
        const kept = newEntry(draft, arrivals, recorded)
        entries.set(kept.id, kept)
        byArrival.set(arrivals, kept)
        index(kept)
        return keptOf(kept, draft.feedback)
      },
      insert(prediction, { feedback }, { held, late }) {
        const joined = entries.get(feedback.id) as Entry
        places -= 1
        Object.assign(joined, { feedback, prediction, held, heldAtJoin: held, late, position: places })
        byPlace.set(places, joined)
        move(joined, 'ledger')
        const list = joinedOn.get(prediction)
        if (list === undefined) joinedOn.set(prediction, [joined])
        else list.push(joined)
        return places
      },
      hold(position, held) {
        const own = byPlace.get(position)
        if (own === undefined) holds.set(position, held)
        else own.held = held
      },
      row(id) {
        const found = entry(id)
        return found?.place === 'ledger' ? ledgerRowOf(found) : undefined
      },
      linesOn(position) {
        const id = idOf(position)
        if (!freshById.has(id) && !needs.lines.has(id)) miss((missing) => missing.addLines(id))
        const before = (linesOf.get(id) ?? []).map((row) => ({
          feedback: decodeFeedback({ ...row, words_json: null, payload: row.has_payload ? 1 : null }),
          position: row.position,
          held: row.held,
        }))
        const now = (joinedOn.get(position) ?? []).map((one) => ({
          feedback: one.feedback as Feedback,
          position: one.position,
          held: one.held,
        }))
        const latest = rows.get(id)?.latest ?? Number.NEGATIVE_INFINITY
        return {
          lines: [...before, ...now],
          latest: now.reduce((time, { feedback }) => Math.max(time, feedback.time), latest),
        }
      },
      size: (position) => (rows.get(idOf(position))?.size ?? 0) + (joinedOn.get(position)?.length ?? 0),
      replacing(id) {
        const [first] = replacing(id)
          .filter(({ place }) => place === 'ledger')
          .sort((a, b) => a.position - b.position)
        return first === undefined ? undefined : ledgerRowOf(first)
      },
      // It goes with its entry.
      dropPayload: () => undefined,
    },
    pen: {
      empty: () => false,
      full(target) {
        const key = waitingKey(target)
        return (waitingNow.get(key) ?? 0) >= MAX_WAITING
      },
      put({ feedback }) {
        move(entries.get(feedback.id) as Entry, 'pen')
        add(waitingNow, waitingKey(feedback.target), 1)
        add(tallies, 'feedback.penned', 1)
      },
      take(row) {
        move(byArrival.get(row.sequence) as Entry, 'nowhere')
        add(tallies, 'feedback.penned', -1)
      },
      row(id) {
        const found = entry(id)
        return found?.place === 'pen' ? penRowOf(found) : undefined
      },
      calledBy: () =>
        called
          .flatMap((id) => entries.get(id) ?? [])
          .filter(({ place }) => place === 'pen')
          .sort(firstComeFirst)
          .map(penRowOf),
      replacing: (id) =>
        replacing(id)
          .filter(({ place }) => place === 'pen')
          .sort(firstComeFirst)
          .map(penRowOf),
    },
    outcomes: {
      write(prediction, outcome) {
        written.push({ prediction, outcome })
        if (outcome.phase === 'horizon') closed.push(prediction)
      },
      close: (prediction) => void closed.push(prediction),
      verdict(position) {
        const json = rows.get(idOf(position))?.verdict_json ?? null
        return json === null ? undefined : (JSON.parse(json) as Verdict)
      },
    },
    tallies: {
      add: (tally, amount) => add(tallies, tally, amount),
      recordLoss(lost) {
        for (const [reason, lines] of Object.entries(lost)) add(loss, reason, lines)
      },
    },
    changes: {
      get entries() {
        return [...moved].filter(({ kept, place }) => kept !== place)
      },
      holds,
      outcomes: written,
      closed,
      tallies,
      loss,
    },
  }
}
