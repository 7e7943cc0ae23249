import { GroundtraceError, quote } from '@groundtrace/core'
import { shareDifference, type LevelOption, type Share, type ShareDifference } from '@groundtrace/statistics'

/** An answer to a task of which the model said something, whether the annotator saw it or not. */
export interface AnsweredServed {
  readonly blind: boolean
  /** The answer is what the model said. */
  readonly agrees: boolean
}

/**
 * - `anchored`: seeing the prediction changes answers; the interval lies above 0.
 * - `negligible`: it changes fewer of them than the tolerance; the interval lies below it.
 * - `unknown`: there are too few answers to tell.
 */
export type AnchoringState = 'anchored' | 'negligible' | 'unknown'

export interface Anchoring extends ShareDifference {
  readonly state: AnchoringState
  /** Answers that agree with the model, of those that saw what it said. */
  readonly shown: Share
  /** Likewise, of those that did not. */
  readonly blind: Share
}

export interface AnchoringOptions extends LevelOption {
  /** Difference below which it does not matter. Default 0.05. */
  readonly tolerance?: number
}

const DEFAULT_TOLERANCE = 0.05

function stateOf({ interval }: ShareDifference, tolerance: number): AnchoringState {
  if (interval === undefined) return 'unknown'
  if (interval[0] > 0) return 'anchored'
  return interval[1] < tolerance ? 'negligible' : 'unknown'
}

/**
 * How much seeing the prediction changes the answer: agreement with the model where it was shown less where it was not. Which
 * tasks are blind is drawn, so nothing else tells the two groups apart. Answers of one task count each; where tasks have
 * several, the interval is too narrow, so pass one answer a task.
 * @throws GroundtraceError `invalid-argument`
 */
export function anchoring(answers: Iterable<AnsweredServed>, options: AnchoringOptions = {}): Anchoring {
  const { tolerance = DEFAULT_TOLERANCE, ...level } = options
  if (!(Number.isFinite(tolerance) && tolerance > 0)) {
    throw new GroundtraceError('invalid-argument', `tolerance is ${quote(tolerance)}`, 'Give a difference above 0')
  }
  const groups = { shown: { successes: 0, trials: 0 }, blind: { successes: 0, trials: 0 } }
  for (const { blind, agrees } of answers) {
    const group = blind ? groups.blind : groups.shown
    group.trials += 1
    if (agrees) group.successes += 1
  }
  const difference = shareDifference(groups.shown, groups.blind, level)
  return { ...groups, ...difference, state: stateOf(difference, tolerance) }
}
