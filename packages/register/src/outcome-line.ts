import {
  AUTHORITIES,
  formOf,
  horizonOf,
  PROOF_TABLE,
  proves,
  resolve,
  sameValue,
  type Feedback,
  type Outcome,
  type OutcomePhase,
  type Prediction,
  type Resolution,
  type Verdict,
} from '@groundtrace/core'
import { replacedBy } from './feedback-payload.ts'

/** What is known of a prediction before a line is written. */
export interface Standing {
  readonly prediction: Prediction
  /** All that may change the verdict. */
  readonly feedback: readonly Feedback[]
  /** Event time of the latest feedback, of any kind. */
  readonly latest: number
  /** Its latest outcome line: version 0 and no verdict when there is none. */
  readonly version: number
  readonly verdict: Verdict | undefined
  /** Its horizon line is written. */
  readonly closed: boolean
}

/** The line that follows, if any, and the resolution it comes from. */
export interface Step {
  readonly outcome: Outcome | undefined
  readonly resolution: Resolution
}

/** True when two verdicts say the same; what they rest on may differ. */
function sameVerdict(a: Verdict | undefined, b: Verdict): boolean {
  const ruledOut = b.ruledOut ?? []
  return (
    a !== undefined &&
    a.state === b.state &&
    a.correct === b.correct &&
    a.authority === b.authority &&
    sameValue(a.label, b.label) &&
    (a.ruledOut ?? []).length === ruledOut.length &&
    ruledOut.every((label, index) => sameValue(a.ruledOut?.[index], label))
  )
}

/** False for feedback of a kind that changes no verdict of any prediction: clicks, exposures, acceptances. */
export function maySettle(feedback: Feedback): boolean {
  const { disputes, authority } = PROOF_TABLE[formOf(feedback)]
  return replacedBy(feedback) !== undefined || disputes === true || authority !== undefined
}

/**
 * True for feedback that changes no verdict, whatever else was said: clicks, exposures, acceptances. A prediction may
 * collect thousands of them, so they are joined without another look at all that was said before.
 */
export function isInert(prediction: Prediction, feedback: Feedback): boolean {
  if (!maySettle(feedback)) return true
  return (
    replacedBy(feedback) === undefined &&
    PROOF_TABLE[formOf(feedback)].disputes !== true &&
    !('authority' in proves(prediction, feedback))
  )
}

/**
 * True for feedback that agrees with what is settled, adds to what is contested, or has less authority: the verdict stays,
 * as long as the line takes nothing back, is not taken back itself, and the verdict is that of all lines before it.
 */
export function addsNothing(prediction: Prediction, verdict: Verdict | undefined, feedback: Feedback): boolean {
  if (verdict?.authority === undefined || replacedBy(feedback) !== undefined) return false
  const proof = proves(prediction, feedback)
  if (!('authority' in proof) || ('held' in proof && proof.held)) return false
  if (proof.authority !== verdict.authority) {
    return AUTHORITIES.indexOf(proof.authority) > AUTHORITIES.indexOf(verdict.authority)
  }
  return verdict.state === 'contested' || (proof.proves === 'truth' && sameValue(proof.label, verdict.label))
}

/** The verdict of an outcome, without its place in the ledger. */
export function verdictOf({ state, label, ruledOut, correct, authority }: Verdict): Verdict {
  return {
    state,
    ...(label === undefined ? {} : { label }),
    ...(ruledOut === undefined ? {} : { ruledOut }),
    ...(correct === undefined ? {} : { correct }),
    ...(authority === undefined ? {} : { authority }),
  }
}

/** What stood and does not stand any more was taken back, if only by a new definition of the task. */
const settled = ({ state, ...rest }: Resolution): Verdict =>
  verdictOf({ ...rest, state: state === 'open' ? 'retracted' : state })

function lineOf(standing: Standing, resolution: Resolution, phase: OutcomePhase, time: number): Outcome {
  const { prediction, version, verdict } = standing
  return {
    ...settled(resolution),
    prediction: prediction.id,
    version: version + 1,
    phase,
    evidence: resolution.evidence,
    time,
    ...(verdict === undefined ? {} : { replaces: verdict }),
  }
}

/** After a feedback joined: a line when the verdict changed. A change of evidence alone makes none. */
export function afterFeedback(standing: Standing): Step {
  const { prediction, feedback, latest, verdict, closed } = standing
  const resolution = resolve(prediction, feedback, closed ? { now: horizonOf(prediction) } : {})
  const same = verdict === undefined ? resolution.state === 'open' : sameVerdict(verdict, settled(resolution))
  if (same) return { outcome: undefined, resolution }
  return { outcome: lineOf(standing, resolution, closed ? 'late' : 'early', latest), resolution }
}

/** At the horizon: a line in any case, so that every prediction has exactly one to be counted by. */
export function atHorizon(standing: Standing): Step & { readonly outcome: Outcome } {
  const time = horizonOf(standing.prediction)
  const resolution = resolve(standing.prediction, standing.feedback, { now: time })
  return { outcome: lineOf(standing, resolution, 'horizon', time), resolution }
}
