import type { LedgerAnswer } from './answer-ledger.ts'
import { compareAnswers, isAltered, taskStanding, type Comparison } from './compare-task.ts'
import type { Known } from './explain-losses.ts'
import type { Outbox } from './outbox.ts'
import type { AnswerReading, TaskReading } from './reading.ts'
import { later } from './server-time.ts'
import type { Unit } from './unit.ts'

/** A unit that turned up in a sweep. */
export interface SweptUnit {
  /** As it was known before. */
  readonly unit: Unit
  /** The tasks with its key. */
  readonly tasks: readonly Omit<TaskReading, 'answers'>[]
  readonly older: Comparison['older']
  readonly missing: readonly LedgerAnswer[]
}

/** What a sweep has seen so far. */
export interface SweepTally {
  /** By ID of the unit. */
  readonly entries: ReadonlyMap<number, SweptUnit>
  /** Units that have no task there. */
  readonly absent: Unit[]
  /** Tasks that were read. */
  readonly read: number
  /** Of these, tasks whose answers the server could not show: nothing of theirs is missing. */
  readonly unread: number
  /** Tasks that show something else than they did. */
  readonly altered: number
  /** Takes a task as it was read: its answers at once, all else when the sweep ends. */
  take(reading: TaskReading): void
  evidence(): { readonly same: readonly Known[]; readonly older: readonly Known[] }
}

interface Entry extends SweptUnit {
  readonly tasks: Omit<TaskReading, 'answers'>[]
  readonly answers: AnswerReading[]
  older: Comparison['older']
  missing: readonly LedgerAnswer[]
  /** A task of it could not be shown whole: what is not there may be on that one. */
  unread: boolean
}

export function sweepTally({ units, answers }: Outbox, name: string): SweepTally {
  const entries = new Map<number, Entry>()
  const older: Known[] = []
  /** The newest of what is there unchanged, by when it was read: what else of that moment says no more. */
  const same = new Map<number, string>()
  let read = 0
  let unread = 0
  let altered = 0

  function survived({ updated, read: at }: Known): void {
    same.set(at, later(same.get(at), updated) ?? updated)
  }

  function entryOf(unit: Unit): Entry {
    const known = entries.get(unit.id) ?? { unit, tasks: [], answers: [], older: [], missing: [], unread: false }
    entries.set(unit.id, known)
    return known
  }

  return {
    entries,
    absent: [],
    get read() {
      return read
    },
    get unread() {
      return unread
    },
    get altered() {
      return altered
    },
    take(reading) {
      read += 1
      const found = units.byKey(reading.key)
      if (found?.project !== name) return
      const entry = entryOf(found)
      const { unit } = entry
      if (entry.tasks.some(({ task }) => task === reading.task)) return
      const { answers: all, unread: isUnread = false, ...task } = reading
      const isOther = isAltered(unit, reading)
      if (isUnread) unread += 1
      if (isOther) altered += 1
      entry.unread ||= isUnread || isOther
      const given = isOther ? [] : all
      entry.tasks.push(task)
      entry.answers.push(...given)
      const known = answers.of(unit.id)
      const compared = compareAnswers(known, entry.answers)
      entry.older = compared.older
      entry.missing = entry.unread ? [] : compared.missing
      // Before they are taken: what was new just now was not known.
      const now = compareAnswers(known, given)
      for (const answer of now.same) survived(answer)
      for (const answer of now.older) older.push(answer.known)
      for (const answer of now.take) answers.take(unit.id, answer)
      const standing = taskStanding(unit, task)
      const stamp = { updated: unit.updated ?? '', read: unit.read ?? 0 }
      if (standing === 'same') survived(stamp)
      if (standing === 'older') older.push(stamp)
    },
    evidence: () => ({ same: [...same].map(([at, updated]) => ({ updated, read: at })), older }),
  }
}
