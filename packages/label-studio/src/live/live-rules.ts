import { GroundtraceError, quote } from '@groundtrace/core'

/** What becomes of a prediction on which those asked do not agree when time is up. */
export type ContentionRule =
  /** What the model said by itself. */
  | 'model'
  /** What is most probable all the same. */
  | 'most-probable'
  /** This class, whatever was said: the one that does least harm. */
  | { readonly value: string }

export interface LiveRules {
  /** A prediction of which the calibrated model is at least so sure goes straight out, in (0.5, 1]. */
  readonly confident: number
  /** Seconds until an answer is given, whatever has come by then. */
  readonly deadlineSeconds: number
  /** Votes that count for something: with fewer it is the model's answer. Default 2. */
  readonly quorum?: number
  /** What votes and model have to reach together for an answer before the deadline, in (0.5, 1]. Default 0.95. */
  readonly certain?: number
  /** It is contested when the most probable class leads the next by less than this at the deadline. Default 0.2. */
  readonly contestedBelow?: number
  /** What is answered then. Default `model`. */
  readonly contention?: ContentionRule
  /** Tasks that are shown to annotators at once; others wait for their turn, the earliest deadline first. Default 50. */
  readonly capacity?: number
  /** Tasks that wait, at most: what comes beyond that gets the model's answer at once. Default 500. */
  readonly mostWaiting?: number
  /** How often votes are looked for without being told to, in seconds. Default 1. */
  readonly pollSeconds?: number
}

export type CompleteRules = Required<LiveRules>

function refuse(cause: string, nextStep: string): never {
  throw new GroundtraceError('invalid-argument', `Live annotation: ${cause}`, nextStep)
}

const isSure = (value: number): boolean => typeof value === 'number' && value > 0.5 && value <= 1
const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 1
/** A timer of more milliseconds than 31 bits hold fires at once. */
const MOST_SECONDS = 2_147_483
const isSeconds = (value: number): boolean => Number.isFinite(value) && value > 0 && value <= MOST_SECONDS

const SURE = 'Give a probability above 0.5, at most 1'
const COUNT = 'Give a whole number from 1'
const SECONDS = `Give seconds, above 0, at most ${MOST_SECONDS}`

const CHECKS: readonly (readonly [name: keyof CompleteRules, holds: (value: number) => boolean, nextStep: string])[] = [
  ['confident', isSure, SURE],
  ['certain', isSure, SURE],
  ['deadlineSeconds', isSeconds, SECONDS],
  ['pollSeconds', isSeconds, SECONDS],
  ['quorum', isCount, COUNT],
  ['capacity', isCount, COUNT],
  ['mostWaiting', (value) => value === 0 || isCount(value), 'Give a whole number from 0'],
  ['contestedBelow', (value) => value >= 0 && value < 1, 'Give a difference of probabilities from 0, below 1'],
]

/** The rules with their defaults. @throws GroundtraceError `invalid-argument` */
export function checkedRules(given: LiveRules, classes: readonly string[]): CompleteRules {
  const rules: CompleteRules = {
    confident: given?.confident,
    deadlineSeconds: given?.deadlineSeconds,
    quorum: given?.quorum ?? 2,
    certain: given?.certain ?? 0.95,
    contestedBelow: given?.contestedBelow ?? 0.2,
    contention: given?.contention ?? 'model',
    capacity: given?.capacity ?? 50,
    mostWaiting: given?.mostWaiting ?? 500,
    pollSeconds: given?.pollSeconds ?? 1,
  }
  for (const [name, holds, nextStep] of CHECKS) {
    if (!holds(rules[name] as number)) refuse(`${name} is ${quote(rules[name])}`, nextStep)
  }
  const { contention } = rules
  const isWord = contention === 'model' || contention === 'most-probable'
  if (!isWord && !classes.includes(contention?.value))
    refuse(`contention is ${quote(contention)}`, 'Use model, most-probable, or { value } with one of the classes')
  return rules
}
