import { isOnServer, type LedgerAnswer } from './answer-ledger.ts'
import type { AnswerReading, TaskReading } from './reading.ts'
import type { Unit } from './unit.ts'

/** What one reading of a task says that was not known. */
export interface Comparison {
  /** Answers to take as they were read: new, changed, or just the same. */
  readonly take: readonly AnswerReading[]
  /** Answers that are there as they were known. */
  readonly same: readonly LedgerAnswer[]
  /** Answers that are there in a version that is older than the one known. */
  readonly older: readonly { readonly known: LedgerAnswer; readonly reading: AnswerReading }[]
  /** Answers that are not there any more. */
  readonly missing: readonly LedgerAnswer[]
}

const identity = ({ annotation, created }: { readonly annotation: number; readonly created: string }): string =>
  `${annotation} ${created}`

/**
 * Compares answers as they were read with those that are known of the unit. What is kept here alone, in a version that is
 * newer than the server's, is no news.
 */
export function compareAnswers(known: readonly LedgerAnswer[], readings: readonly AnswerReading[]): Comparison {
  const byIdentity = new Map(known.map((answer) => [identity(answer), answer]))
  const there = new Set(readings.map(identity))
  const comparison = {
    take: [] as AnswerReading[],
    same: [] as LedgerAnswer[],
    older: [] as { known: LedgerAnswer; reading: AnswerReading }[],
    missing: known.filter((answer) => isOnServer(answer) && !there.has(identity(answer))),
  }
  for (const reading of readings) {
    const before = byIdentity.get(identity(reading))
    const isOlder = before !== undefined && reading.updated < before.updated
    if (before === undefined || !isOlder) comparison.take.push(reading)
    else if (isOnServer(before)) comparison.older.push({ known: before, reading })
    if (before !== undefined && isOnServer(before) && before.updated === reading.updated) comparison.same.push(before)
  }
  return comparison
}

/**
 * How a task that was read stands to the one that is known of its unit.
 * - `first`: none was known.
 * - `same`: it is that one, untouched; `newer`: touched since.
 * - `older`: it is that one, in an older version than was read before.
 * - `other`: it is another task with the same key.
 */
export type TaskStanding = 'first' | 'same' | 'newer' | 'older' | 'other'

export function taskStanding(unit: Unit, { task, created, updated }: Omit<TaskReading, 'answers'>): TaskStanding {
  if (unit.server === undefined || (unit.state !== 'sent' && unit.state !== 'seen')) return 'first'
  if (unit.server.task !== task) return 'other'
  if (unit.created === undefined || unit.updated === undefined) return 'first'
  if (unit.created !== created) return 'other'
  if (updated === unit.updated) return 'same'
  return updated > unit.updated ? 'newer' : 'older'
}

/**
 * Whether a task shows something else than it did when it was first read: every member can edit it, or make a copy with
 * another text and the same key. What is answered then says nothing of the prediction.
 */
export function isAltered({ digest: known }: Pick<Unit, 'digest'>, { digest }: Pick<TaskReading, 'digest'>): boolean {
  return known !== undefined && digest !== undefined && known !== digest
}
