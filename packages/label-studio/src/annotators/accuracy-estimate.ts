import { wilsonInterval } from '@groundtrace/statistics'

/** What is known of an answer without asking whoever gave it. */
export interface OwnEvidence {
  /** P(truth) of each class, by experts or by the other answers of the unit; together 1. */
  readonly truth: readonly number[]
  /** Index of the class that was answered. */
  readonly answer: number
}

export interface AccuracyEstimate {
  /** The probability of a right answer under which the answers are likeliest. */
  readonly value: number
  /** Answers whose truth is known for sure that would say as much. */
  readonly effective: number
  /** Wilson's, at 95 %, of so many. */
  readonly interval: readonly [number, number]
}

const HALVINGS = 60

/** P(answer) is `right`·θ + `wrong`·(1 − θ), for accuracy θ, and wrong answers that are all alike. */
function partsOf({ truth, answer }: OwnEvidence): { readonly right: number; readonly wrong: number } {
  const right = truth[answer] ?? 0
  return { right, wrong: (1 - right) / Math.max(1, truth.length - 1) }
}

/** Where the likelihood is highest. Its logarithm is concave, so its slope is 0 once at the most. */
function likeliest(evidence: readonly OwnEvidence[]): number {
  const parts = evidence.map(partsOf)
  let [low, high] = [0, 1]
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const middle = (low + high) / 2
    let slope = 0
    for (const { right, wrong } of parts) slope += (right - wrong) / (middle * right + (1 - middle) * wrong)
    if (slope > 0) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** The information of an answer on accuracy, as a part of that of one whose truth is known for sure. */
function informationOf({ truth }: OwnEvidence, accuracy: number): number {
  const sum = truth.reduce((total, _, answer) => {
    const { right, wrong } = partsOf({ truth, answer })
    const probability = accuracy * right + (1 - accuracy) * wrong
    return probability === 0 ? total : total + (right - wrong) ** 2 / probability
  }, 0)
  return accuracy * (1 - accuracy) * sum
}

/**
 * How often somebody is right, where truth is known more or less. Counting only answers whose truth is settled would
 * count disagreements more often than agreements: who disagrees brings on more answers, and experts. The likelihood of
 * all answers has no such bias, as long as what is asked further depends on answers alone (D. B. Rubin, "Inference and
 * missing data", Biometrika 63 (1976), 581–592). Where all truth is known for sure, it is the share of right answers, and
 * its interval that of Wilson.
 *
 * @returns undefined without any answer
 */
export function accuracyEstimate(evidence: readonly OwnEvidence[]): AccuracyEstimate | undefined {
  if (evidence.length === 0) return undefined
  const value = likeliest(evidence)
  // At 0 and at 1 the information of a few answers is no measure of what they tell.
  const smoothed = (value * evidence.length + 1) / (evidence.length + 2)
  const effective = evidence.reduce((sum, one) => sum + informationOf(one, smoothed), 0)
  return { value, effective, interval: wilsonInterval(Math.min(value, 1) * effective, effective) }
}
