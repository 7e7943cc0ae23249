import { GroundtraceError, quote, type Feedback, type TrackingId } from '@groundtrace/core'
import type { ChangeKind, LedgerAnswer } from './answer-ledger.ts'
import type { Outbox } from './outbox.ts'
import type { AnswerContent } from './reading.ts'
import type { PlannedUnit, Unit } from './unit.ts'

/**
 * Whether an answer counts.
 * - `standing`: it does.
 * - `superseded`: the same annotator answered the same unit again, later.
 * - `deleted`: it was taken back on the server.
 */
export type AnswerState = 'standing' | 'superseded' | 'deleted'

/** An answer, as it reads now or as it once read. */
export interface BookAnswer {
  /** Its number here; the server's own may be given twice. */
  readonly id: number
  readonly content: AnswerContent
  readonly state: AnswerState
  /** The server does not have it any more, and nobody took it back: it is known here alone. */
  readonly kept: boolean
  /** Times of the server, ISO 8601 in UTC. */
  readonly created: string
  readonly updated: string
}

/** A unit with its answers as they stand, in the order in which they were first read. */
export interface BookUnit {
  readonly unit: Unit
  readonly answers: readonly BookAnswer[]
}

/** Something that happened to an answer, in the order in which it was read. */
export interface AnswerChange {
  readonly position: number
  readonly unit: Unit
  /** The answer's number. */
  readonly answer: number
  readonly kind: ChangeKind
  readonly content: AnswerContent
  /** When it was read, in milliseconds since 1970, by the clock here. */
  readonly recorded: number
}

/**
 * What annotators said, as it stands and as it came: an ordered, durable list. Whoever settles truth reads on from where he
 * was, and says in one step how far he has come and what follows from it.
 */
export interface AnswerBook {
  /** @param key the bridge's key */
  unit(key: string): BookUnit | undefined
  /** All units of a prediction, in the order in which they were planned: crowd and expert. */
  unitsOf(prediction: TrackingId): readonly BookUnit[]
  /** Units in the order in which they were planned; `position` goes on. Fewer than `limit` (default 1,000): no more. */
  units(options?: { readonly after?: number; readonly limit?: number }): {
    readonly units: readonly BookUnit[]
    readonly position: number
  }
  /** What happened after a position. Fewer than `limit` (default 1,000): no more. */
  changes(options: { readonly after: number; readonly limit?: number }): {
    readonly changes: readonly AnswerChange[]
    readonly position: number
  }
  /** All that happened to the answers of a unit, oldest first. */
  history(key: string): readonly AnswerChange[]
  /** How far a reader has come; 0 at first. */
  position(reader: string): number
  /**
   * Says how far a reader has come, and puts what follows from it on its way to the register, in one transaction. Feedback
   * with derived IDs may be put again: it counts once.
   */
  advance(reader: string, position: number, feedback?: readonly Feedback[], units?: readonly PlannedUnit[]): void
  /** Adds units: for escalation to experts. One that is there already is left as it is. @returns how many are new */
  plan(units: readonly PlannedUnit[]): number
}

function byRecency(a: LedgerAnswer, b: LedgerAnswer): number {
  if (a.created !== b.created) return a.created < b.created ? -1 : 1
  return a.annotation - b.annotation || a.id - b.id
}

/** What is one for all answers that replace each other. */
const whose = ({ id, content: { annotator, editedBy } }: LedgerAnswer): unknown =>
  editedBy === undefined ? (annotator ?? `answer ${id}`) : `answer ${id}`

/** The last answer of each annotator that is not deleted. What somebody else wrote in their name replaces nothing of theirs. */
function latest(answers: readonly LedgerAnswer[]): ReadonlySet<number> {
  const live = answers.filter(({ kind }) => kind !== 'deleted').toSorted(byRecency)
  const last = new Map(live.map((answer) => [whose(answer), answer.id]))
  return new Set(last.values())
}

function bookAnswers(answers: readonly LedgerAnswer[]): readonly BookAnswer[] {
  const counting = latest(answers)
  return answers.map(({ id, content, kind, created, updated }) => {
    const state = kind === 'deleted' ? 'deleted' : counting.has(id) ? 'standing' : 'superseded'
    return { id, content, state, kept: kind === 'kept', created, updated }
  })
}

/** The name of a reader's position. @throws GroundtraceError `invalid-argument` */
function named(reader: string): string {
  if (typeof reader === 'string' && reader !== '') return `book.${reader}`
  throw new GroundtraceError('invalid-argument', `Reader ${quote(reader)} has no name`, 'Name who reads the book')
}

/** The book of an outbox. Methods throw GroundtraceError `outbox-unavailable` when the file fails, `invalid-argument`. */
export function answerBook({ units, answers, positions, feedback, read, write }: Outbox): AnswerBook {
  const bookUnit = (unit: Unit): BookUnit => ({ unit, answers: bookAnswers(answers.of(unit.id)) })

  function changesOf(lines: ReturnType<typeof answers.changes>): readonly AnswerChange[] {
    const known = new Map<number, Unit>()
    return lines.flatMap(({ position, unit: id, id: answer, kind, content, recorded }) => {
      const unit = known.get(id) ?? units.byId(id)
      if (unit === undefined) return []
      known.set(id, unit)
      return [{ position, unit, answer, kind, content, recorded }]
    })
  }

  return {
    unit: (key) =>
      read(() => {
        const unit = units.byKey(key)
        return unit === undefined ? undefined : bookUnit(unit)
      }),
    unitsOf: (prediction) => read(() => units.ofPrediction(prediction).map(bookUnit)),
    units: ({ after = 0, limit = 1000 } = {}) =>
      read(() => {
        const some = units.after(after, limit)
        return { units: some.map(bookUnit), position: some.at(-1)?.id ?? after }
      }),
    changes: ({ after, limit = 1000 }) =>
      read(() => {
        const lines = answers.changes(after, limit)
        return { changes: changesOf(lines), position: lines.at(-1)?.position ?? after }
      }),
    history: (key) =>
      read(() => {
        const unit = units.byKey(key)
        return unit === undefined ? [] : changesOf(answers.history(unit.id))
      }),
    position: (reader) => positions.of(named(reader)),
    advance: (reader, position, lines = [], planned = []) =>
      write(() => {
        if (!Number.isSafeInteger(position) || position < 0 || position > answers.last())
          throw new GroundtraceError(
            'invalid-argument',
            `Position ${quote(position)} is none of the book, which has come to ${answers.last()}`,
            'Pass the position that changes gave',
          )
        feedback.put(lines)
        units.plan(planned)
        positions.move(named(reader), position)
      }),
    plan: (planned) => units.plan(planned),
  }
}
