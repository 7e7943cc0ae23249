import { GroundtraceError } from './errors.ts'
import { expectedValue } from './expected-value.ts'
import { expectFeedback, type Feedback } from './feedback.ts'
import type { OutcomeState, Verdict } from './outcome.ts'
import { isSame } from './plain.ts'
import { expectPrediction, horizonOf, isUnobservable, type Prediction } from './prediction.ts'
import { AUTHORITIES, rowOf, type Authority } from './proof-table.ts'
import { expectFeedbackOn, proofOf, silenceProves, type Proof } from './proof.ts'
import { quote } from './quote.ts'
import { isTime } from './time.ts'
import type { TrackingId } from './tracking-id.ts'
import { isValueOf, type Value } from './value.ts'

/** What the feedback on one prediction comes to. `open`: nothing is known and the horizon has not passed. */
export interface Resolution extends Omit<Verdict, 'state'> {
  readonly state: OutcomeState | 'open'
  /** Feedback that the verdict rests on, in order of time. */
  readonly evidence: readonly TrackingId[]
  /** Feedback that waits for confirmation because its source gains from it. */
  readonly held: readonly TrackingId[]
}

export interface ResolveOptions {
  /** Milliseconds since 1970; at or after the horizon the prediction closes. Default: the horizon has not passed. */
  readonly now?: number
}

/** Equality of two values; rankings item by item. */
export function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  return isSame(a, b)
}

function listed(feedback: readonly Feedback[]): readonly Feedback[] {
  if (Array.isArray(feedback)) return feedback
  throw new GroundtraceError('invalid-argument', `${quote(feedback)} is no list of feedback`, 'Pass an array')
}

/**
 * True when the later line may take back or replace the earlier one: both are of one source, and of one user where both
 * name theirs.
 */
export function isOfSameMind(earlier: Feedback, later: Feedback): boolean {
  return (
    earlier.source === later.source &&
    (earlier.user === undefined || later.user === undefined || earlier.user === later.user)
  )
}

/**
 * The feedback that still stands, in the order given: neither retracted nor superseded by a line {@link isOfSameMind}. A
 * retraction is final: what takes it back, or retracts the line that superseded, brings nothing back.
 * @throws GroundtraceError `invalid-feedback`
 */
export function standing(feedback: readonly Feedback[]): readonly Feedback[] {
  for (const line of listed(feedback)) expectFeedback(line)
  return stillStanding(feedback)
}

function stillStanding(feedback: readonly Feedback[]): readonly Feedback[] {
  const lines = new Map(feedback.map((line) => [line.id, line]))
  const gone = new Set<TrackingId>()
  for (const line of feedback) {
    const id = line.kind === 'retraction' ? line.retracts : line.supersedes
    const earlier = id === undefined ? undefined : lines.get(id)
    if (earlier !== undefined && isOfSameMind(earlier, line)) gone.add(earlier.id)
  }
  return feedback.filter((line) => line.kind !== 'retraction' && !gone.has(line.id))
}

/** The lines in order of time, each once. */
function inOrder(feedback: readonly Feedback[]): readonly Feedback[] {
  const lines = new Map<TrackingId, Feedback>()
  for (const line of feedback) {
    const twin = lines.get(line.id)
    if (twin !== undefined && !isSame(twin, line)) {
      throw new GroundtraceError(
        'invalid-argument',
        `Two different feedback lines have the ID ${quote(line.id)}`,
        'Give each feedback an ID of its own, and supersede what was said before',
      )
    }
    lines.set(line.id, line)
  }
  return [...lines.values()].sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1))
}

type Claim = Extract<Proof, { authority: Authority }>

const isClaim = (proof: Proof): proof is Claim => 'authority' in proof && !('held' in proof && proof.held)

/**
 * Whether the prediction was right, given the truth; undefined for a prediction that failed.
 * @throws GroundtraceError `invalid-prediction`, or `invalid-argument` for a truth that the task can't have
 */
export function isCorrect(prediction: Prediction, truth: Value): boolean | undefined {
  expectPrediction(prediction)
  const { task } = prediction
  if (!isValueOf(task, truth)) {
    throw new GroundtraceError(
      'invalid-argument',
      `${quote(truth)} is no value of ${task.kind} task ${task.name}`,
      `Pass ${expectedValue(task)}`,
    )
  }
  return isRight(prediction, truth)
}

/** The same of a truth that was proved: it holds, whatever classes the task has been given since. */
export function isRight({ task, value }: Prediction, truth: Value): boolean | undefined {
  if (value === undefined) return undefined
  if (task.kind !== 'regression') return sameValue(value, truth)
  return Math.abs((value as number) - (truth as number)) <= task.tolerance
}

/** What claims of one authority come to. */
function verdictOf(prediction: Prediction, claims: readonly Claim[], authority: Authority): Verdict {
  const truths = claims.flatMap((claim) => (claim.proves === 'truth' ? [claim.label] : []))
  const ruledOut = claims.flatMap((claim) => (claim.proves === 'ruled-out' ? [claim.label] : []))
  const within = claims.some((claim) => claim.proves === 'within-tolerance')
  const outside = claims.some((claim) => claim.proves === 'outside-tolerance')
  const label = truths[0]
  const agreed =
    truths.every((truth) => sameValue(truth, label)) &&
    !ruledOut.some((out) => sameValue(out, label)) &&
    !(within && outside)
  if (!agreed) return { state: 'contested', authority }
  if (label !== undefined) {
    const correct = isRight(prediction, label)
    return { state: 'settled', label, ...(correct === undefined ? {} : { correct }), authority }
  }
  if (ruledOut[0] !== undefined) return { state: 'settled', ruledOut: [ruledOut[0]], correct: false, authority }
  return { state: 'settled', correct: within, authority }
}

/**
 * What is held to be true of a prediction, given all feedback on it, in any order. Pure: the same lines give the same
 * answer whatever the order of their arrival; a line given twice counts once.
 * The strongest authority decides; different answers of equal authority are `contested`; a truth that was taken back
 * leaves `retracted`; at the horizon an observable prediction without an answer settles to the declared silence or
 * is `expired`, an unobservable one is `censored`.
 * @param feedback all lines on this prediction, retracted and superseded ones included
 * @throws GroundtraceError `invalid-argument` for feedback on another prediction, two different lines with one ID, or a
 * `now` that is no time; `invalid-prediction`, `invalid-feedback` for what is none
 */
export function resolve(
  prediction: Prediction,
  feedback: readonly Feedback[],
  options: ResolveOptions = {},
): Resolution {
  expectPrediction(prediction)
  for (const line of listed(feedback)) expectFeedbackOn(prediction, line)
  const { now }: ResolveOptions = options ?? {}
  if (now !== undefined && !isTime(now)) {
    throw new GroundtraceError('invalid-argument', `now ${quote(now)} is no time`, 'Pass milliseconds since 1970')
  }
  const all = inOrder(feedback)
  const lines = stillStanding(all)
  const proofs = lines.map((line) => ({ id: line.id, proof: proofOf(prediction, line) }))
  const claims = proofs.filter((entry): entry is { id: TrackingId; proof: Claim } => isClaim(entry.proof))
  const held = proofs.filter(({ proof }) => 'held' in proof && proof.held).map(({ id }) => id)

  const authority = AUTHORITIES.find((name) => claims.some(({ proof }) => proof.authority === name))
  if (authority !== undefined) {
    const strongest = claims.filter(({ proof }) => proof.authority === authority)
    const said = strongest.map(({ proof }) => proof)
    return { ...verdictOf(prediction, said, authority), evidence: strongest.map(({ id }) => id), held }
  }
  const isClosed = now !== undefined && now >= horizonOf(prediction)
  return { ...withoutClaim(prediction, all, lines, isClosed), evidence: [], held }
}

/** A line that proved something no longer stands. */
function tookBack(prediction: Prediction, all: readonly Feedback[], lines: readonly Feedback[]): boolean {
  const still = new Set(lines)
  return all.some((line) => !still.has(line) && isClaim(proofOf(prediction, line)))
}

function withoutClaim(
  prediction: Prediction,
  all: readonly Feedback[],
  lines: readonly Feedback[],
  isClosed: boolean,
): Verdict | { readonly state: 'open' } {
  if (tookBack(prediction, all, lines)) return { state: 'retracted' }
  if (!isClosed) return { state: 'open' }
  if (isUnobservable(prediction)) return { state: 'censored' }
  const silence = silenceProves(prediction)
  const isDisputed = lines.some((line) => rowOf(line).disputes === true)
  return isClaim(silence) && !isDisputed ? verdictOf(prediction, [silence], 'silence') : { state: 'expired' }
}
