import type { Feedback } from './feedback.ts'
import type { OutcomeState, Verdict } from './outcome.ts'
import { horizonOf, isUnobservable, type Prediction } from './prediction.ts'
import { AUTHORITIES, disputes, proves, silenceProves, type Authority, type Proof } from './proof.ts'
import type { Value } from './task.ts'
import type { TrackingId } from './tracking-id.ts'

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
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => item === b[index])
  return a === b
}

/** The feedback that still stands: neither retracted nor superseded by a line of its own source. */
export function standing(feedback: readonly Feedback[]): readonly Feedback[] {
  const sources = new Map(feedback.map((line) => [line.id, line.source]))
  const gone = new Set<TrackingId>()
  for (const line of feedback) {
    const earlier = line.kind === 'retraction' ? line.retracts : line.supersedes
    if (earlier !== undefined && sources.get(earlier) === line.source) gone.add(earlier)
  }
  return feedback.filter((line) => line.kind !== 'retraction' && !gone.has(line.id))
}

type Claim = Extract<Proof, { authority: Authority }>

const isClaim = (proof: Proof): proof is Claim => 'authority' in proof && !('held' in proof && proof.held)

/** Whether the prediction was right, given the truth. */
export function isCorrect({ task, value }: Prediction, truth: Value): boolean | undefined {
  if (value === undefined) return undefined
  if (task.kind !== 'regression') return sameValue(value, truth)
  return Math.abs((value as number) - (truth as number)) <= task.tolerance
}

function verdictOf(prediction: Prediction, claims: readonly Claim[], authority: Authority): Verdict {
  const truths = claims.filter((claim) => claim.proves === 'truth').map((claim) => claim.label)
  const ruledOut = claims.filter((claim) => claim.proves === 'ruled-out').map((claim) => claim.label)
  const label = truths[0]
  const agreed = truths.every((truth) => sameValue(truth, label)) && !ruledOut.some((out) => sameValue(out, label))
  if (!agreed) return { state: 'contested', authority }
  if (label === undefined) {
    return ruledOut[0] === undefined
      ? { state: 'settled', correct: true, authority }
      : { state: 'settled', ruledOut: [ruledOut[0]], correct: false, authority }
  }
  const correct = isCorrect(prediction, label)
  return correct === undefined
    ? { state: 'settled', label, authority }
    : { state: 'settled', label, correct, authority }
}

/**
 * What is held to be true of a prediction, given all feedback on it, in any order. Pure: the same lines give the same
 * answer whatever the order of their arrival.
 * The strongest authority decides; different answers of equal authority are `contested`; a truth that was taken back
 * leaves `retracted`; at the horizon an observable prediction without an answer settles to the declared silence or
 * is `expired`, an unobservable one is `censored`.
 * @param feedback all lines on this prediction, retracted and superseded ones included
 * @throws GroundtraceError `invalid-argument` for feedback on another prediction
 */
export function resolve(
  prediction: Prediction,
  feedback: readonly Feedback[],
  options: ResolveOptions = {},
): Resolution {
  const ordered = [...feedback].sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1))
  const lines = standing(ordered)
  const proofs = lines.map((line) => ({ id: line.id, proof: proves(prediction, line) }))
  const claims = proofs.filter((entry): entry is { id: TrackingId; proof: Claim } => isClaim(entry.proof))
  const held = proofs.filter(({ proof }) => 'held' in proof && proof.held).map(({ id }) => id)

  const authority = AUTHORITIES.find((name) => claims.some(({ proof }) => proof.authority === name))
  if (authority !== undefined) {
    const strongest = claims.filter(({ proof }) => proof.authority === authority)
    const verdict = verdictOf(
      prediction,
      strongest.map(({ proof }) => proof),
      authority,
    )
    return { ...verdict, evidence: strongest.map(({ id }) => id), held }
  }
  if (options.now !== undefined && options.now >= horizonOf(prediction)) return closed(prediction, ordered, lines, held)
  return { state: tookBack(prediction, ordered, lines) ? 'retracted' : 'open', evidence: [], held }
}

/** A line that proved something no longer stands. */
function tookBack(prediction: Prediction, all: readonly Feedback[], lines: readonly Feedback[]): boolean {
  const still = new Set(lines)
  return all.some((line) => !still.has(line) && isClaim(proves(prediction, line)))
}

function closed(
  prediction: Prediction,
  all: readonly Feedback[],
  lines: readonly Feedback[],
  held: readonly TrackingId[],
): Resolution {
  if (tookBack(prediction, all, lines)) return { state: 'retracted', evidence: [], held }
  if (isUnobservable(prediction)) return { state: 'censored', evidence: [], held }
  const silence = silenceProves(prediction)
  if (silence.proves !== 'truth' || lines.some(disputes)) return { state: 'expired', evidence: [], held }
  return { ...verdictOf(prediction, [silence], 'silence'), evidence: [], held }
}
