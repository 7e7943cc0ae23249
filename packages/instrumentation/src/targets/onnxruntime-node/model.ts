import type { Model, Task, TrackingId, Value } from '@groundtrace/core'
import type { Description } from '../../description.ts'
import type { FeaturePolicy } from '../../feature-policy.ts'
import { classScores, labelOf, type Scored } from './scores.ts'
import { rowsOf, type Rows } from './tensor.ts'

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
  const { task, scores: scoreOutput, value: valueOutput } = declared
  const scoreRows = scoreOutput === undefined ? undefined : rowsOf(outputs[scoreOutput], scoreOutput, false)
  const values = valueOutput === undefined ? undefined : rowsOf(outputs[valueOutput], valueOutput, true)
  const scores = scoreRows === undefined ? undefined : classScores(task, scoreRows, scoreOutput ?? '')
  return {
    rows: scoreRows?.rows ?? values?.rows ?? 1,
    at(row, onTruncated) {
      const scored = scores?.at(row)
      if (scores?.isTruncated === true) onTruncated()
      const kept = scored && Object.fromEntries(scored.map(({ label, score }) => [label, score]))
      const value =
        values === undefined ? scored && scoredValue(declared, scored, scoreRows) : valueAt(task, values, row)
      return { value, scores: kept }
    },
  }
}

/** The class of the highest score; of one column, by the threshold. */
function scoredValue(
  { task, threshold = 0.5 }: OnnxModel,
  scored: readonly Scored[],
  rows: Rows | undefined,
): Value | undefined {
  if (task.kind !== 'binary' || rows?.columns !== 1) return scored[0]?.label
  return labelOf(task, (scored.at(-1)?.score ?? Number.NaN) >= threshold ? 1 : 0)
}

function valueAt(task: Task, values: Rows, row: number): Value {
  const value = values.at(row, 0)
  if (typeof value === 'string' || task.kind === 'regression') return value
  return labelOf(task, value)
}
