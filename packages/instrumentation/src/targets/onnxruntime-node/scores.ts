import { GroundtraceError, type Task } from '@groundtrace/core'
import { MAX_ENTRIES } from '../../limits.ts'
import type { Rows } from './tensor.ts'

/** The widest row that is read as scores of classes: it is read while the caller waits. */
const MAX_COLUMNS = 100_000

/** A class, and its score in one row. */
export interface Scored {
  readonly label: string
  readonly score: number
}

/** The scores of an output, row by row. */
export interface ClassScores {
  /** Whether a row has more classes than are kept. */
  readonly isTruncated: boolean
  /** The 100 highest, from the highest down; equal ones in the order of the classes. @throws TypeError for NaN */
  at(row: number): readonly Scored[]
}

/** @throws GroundtraceError when the columns are not the classes of the task */
export function classScores(task: Task, scores: Rows, output: string): ClassScores {
  const { columns, rows } = scores
  const isOneColumn = task.kind === 'binary' && columns === 1
  if (rows > 0 && !isOneColumn) checkColumns(task, columns, output)

  function read(row: number, column: number): number {
    const score = Number(scores.at(row, column))
    if (Number.isNaN(score)) throw new TypeError('A score is not a number')
    return score
  }

  return {
    isTruncated: columns > MAX_ENTRIES,
    at: (row) => (isOneColumn ? bothOf(task, read(row, 0)) : highest(task, columns, (column) => read(row, column))),
  }
}

/** What a class is called by its column or index: that itself where the task names no classes. */
export function labelOf({ classes }: Task, index: number): string {
  return classes?.[index] ?? String(index)
}

function checkColumns(task: Task, columns: number, output: string): void {
  if (task.classes !== undefined && task.classes.length !== columns) {
    throw new GroundtraceError(
      'invalid-argument',
      `Output ${output} has ${columns} columns, task ${task.name} has ${task.classes.length} classes`,
      'Declare the classes of the task in the order of the columns',
    )
  }
  if (columns > MAX_COLUMNS) {
    throw new GroundtraceError(
      'invalid-argument',
      `Output ${output} has ${columns} columns: more than classes are read from`,
      `Declare an output of at most ${MAX_COLUMNS} columns as scores, or read it in describe`,
    )
  }
}

/** One column is the positive class; the negative one has the rest, where that is a probability. */
function bothOf(task: Task, score: number): readonly Scored[] {
  const positive = { label: labelOf(task, 1), score }
  return score >= 0 && score <= 1 ? [{ label: labelOf(task, 0), score: 1 - score }, positive] : [positive]
}

/** One pass, which keeps no more than it gives: an output is as large as its model likes. */
function highest(task: Task, columns: number, read: (column: number) => number): readonly Scored[] {
  const kept: { readonly column: number; readonly score: number }[] = []
  for (let column = 0; column < columns; column += 1) {
    const score = read(column)
    let place = kept.length
    while (place > 0 && (kept[place - 1]?.score ?? 0) < score) place -= 1
    if (place === MAX_ENTRIES) continue
    kept.splice(place, 0, { column, score })
    if (kept.length > MAX_ENTRIES) kept.pop()
  }
  return kept.map(({ column, score }) => ({ label: labelOf(task, column), score }))
}
