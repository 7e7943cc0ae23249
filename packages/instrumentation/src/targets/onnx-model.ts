import { GroundtraceError, type Model, type Task, type TrackingId, type Value } from '@groundtrace/core'
import type { Description } from '../description.ts'
import type { FeaturePolicy } from '../feature-policy.ts'
import { MAX_ENTRIES } from '../limits.ts'
import { rowsOf, type Rows } from './onnx-tensor.ts'

/** What is known of a session of ONNX Runtime without asking anybody. */
export interface OnnxSession {
  /** Path of the model file; unknown for a model from memory, and for a session made before tracking began. */
  readonly path: string | undefined
  readonly inputNames: readonly string[]
  readonly outputNames: readonly string[]
}

/** What describe is told of one prediction of a session. */
export interface OnnxCall {
  readonly feeds: Readonly<Record<string, unknown>>
  readonly outputs: Readonly<Record<string, unknown>>
  readonly trackingId: TrackingId
  /** From 0. */
  readonly row: number
  /** What the outputs say, as far as it is declared. */
  readonly value: Value | undefined
  readonly scores: Readonly<Record<string, number>> | undefined
}

/** Declares what a model says: no library knows what the outputs of a session mean. */
export interface OnnxModel {
  /** Which sessions: the end of the path of the model file, or a function of the session. */
  readonly match: string | ((session: OnnxSession) => boolean)
  /**
   * Name and version, or a function of the session that returns them: where each version has a file of its own, its path
   * says which. A function that fails costs the event, counted as `model-failed`.
   */
  readonly model: Model | ((session: OnnxSession) => Model)
  readonly task: Task
  /**
   * Output that holds the class scores: one row for each prediction, one column for each class in the order of the task.
   * A binary task may have one column, the score of the positive class. A tensor of one dimension is one row.
   */
  readonly scores?: string
  /**
   * Output that holds the answer: a number (regression), a class, or its index in the classes of the task, for each row.
   * Default: the class of the highest score.
   */
  readonly value?: string
  /** Least score at which a binary task with one column answers the positive class. Default 0.5. */
  readonly threshold?: number
  /** What the outputs do not say: entity, features, policy. What it returns goes over what the outputs say. */
  readonly describe?: (call: OnnxCall) => Partial<Description>
  /** What becomes of each feature that describe gives, by its name. Default: all are left out, and counted. */
  readonly features?: FeaturePolicy
}

/** What the declared outputs of one run say. */
export interface OnnxAnswers {
  readonly rows: number
  /** @param onTruncated told when not all scores are kept */
  at(row: number, onTruncated: () => void): Pick<OnnxCall, 'value' | 'scores'>
}

/** @throws TypeError when an output is no tensor that can be read; GroundtraceError when it does not fit the task */
export function answersOf(declared: OnnxModel, outputs: Readonly<Record<string, unknown>>): OnnxAnswers {
  const { task, threshold = 0.5 } = declared
  const scores = declared.scores === undefined ? undefined : rowsOf(outputs[declared.scores], declared.scores, false)
  const values = declared.value === undefined ? undefined : rowsOf(outputs[declared.value], declared.value, true)
  const isOneColumn = task.kind === 'binary' && scores?.columns === 1
  if (scores !== undefined && !isOneColumn) checkColumns(task, scores, declared.scores)

  function scoredValue(scored: Scored): Value | undefined {
    const [top] = highest(scored)
    if (!isOneColumn) return top?.[0]
    const [negative, positive] = classesOf(task, 2)
    return Number(scored.at(-1)?.[1]) >= threshold ? positive : negative
  }

  return {
    rows: scores?.rows ?? values?.rows ?? 1,
    at(row, onTruncated) {
      const scored = scores === undefined ? undefined : scoresAt(task, scores, row, isOneColumn)
      if (scored !== undefined && scored.length > MAX_ENTRIES) onTruncated()
      const kept = scored === undefined ? undefined : Object.fromEntries(highest(scored).slice(0, MAX_ENTRIES))
      if (values !== undefined) return { value: valueAt(task, values, row), scores: kept }
      return { value: scored === undefined ? undefined : scoredValue(scored), scores: kept }
    },
  }
}

type Scored = readonly (readonly [label: string, score: number])[]

/** The classes in the order of the columns: their indexes where the task names none. */
function classesOf({ classes }: Task, columns: number): readonly string[] {
  return classes ?? Array.from({ length: columns }, (_, column) => String(column))
}

function checkColumns(task: Task, { columns, rows }: Rows, output: string | undefined): void {
  if (rows === 0 || classesOf(task, columns).length === columns) return
  throw new GroundtraceError(
    'invalid-argument',
    `Output ${output} has ${columns} columns, task ${task.name} has ${task.classes?.length} classes`,
    'Declare the classes of the task in the order of the columns',
  )
}

/** Score by class of one row. One column is the positive class; the negative one has the rest, where that is a probability. */
function scoresAt(task: Task, scores: Rows, row: number, isOneColumn: boolean): Scored {
  const score = (column: number): number => {
    const read = Number(scores.at(row, column))
    if (Number.isNaN(read)) throw new TypeError('A score is not a number')
    return read
  }
  if (!isOneColumn) return classesOf(task, scores.columns).map((label, column) => [label, score(column)])
  const [negative = '', positive = ''] = classesOf(task, 2)
  const only = score(0)
  return [...(only >= 0 && only <= 1 ? [[negative, 1 - only] as const] : []), [positive, only]]
}

/** From the highest score down; equal scores in the order of the classes. */
function highest(scored: Scored): Scored {
  return scored.toSorted(([, first], [, second]) => second - first)
}

function valueAt(task: Task, values: Rows, row: number): Value {
  const value = values.at(row, 0)
  if (typeof value === 'string' || task.kind === 'regression') return value
  return task.classes?.[value] ?? String(value)
}
