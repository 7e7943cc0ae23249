import {
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

/** What is known of a prediction before a line is written. */
export interface Standing {
  readonly prediction: Prediction
  readonly feedback: readonly Feedback[]
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

/**
 * True for feedback that changes no verdict, whatever else was said: clicks, exposures, acceptances. A prediction may
 * collect thousands of them, so they are joined without another look at all that was said before.
 */
export function isInert(prediction: Prediction, feedback: Feedback): boolean {
  return (
    feedback.kind !== 'retraction' &&
    feedback.supersedes === undefined &&
    PROOF_TABLE[formOf(feedback)].disputes !== true &&
    !('authority' in proves(prediction, feedback))
  )
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
  const { prediction, feedback, verdict, closed } = standing
  const resolution = resolve(prediction, feedback, closed ? { now: horizonOf(prediction) } : {})
  const same = verdict === undefined ? resolution.state === 'open' : sameVerdict(verdict, settled(resolution))
  if (same) return { outcome: undefined, resolution }
  const latest = feedback.reduce((time, line) => Math.max(time, line.time), Number.NEGATIVE_INFINITY)
  return { outcome: lineOf(standing, resolution, closed ? 'late' : 'early', latest), resolution }
}

/** At the horizon: a line in any case, so that every prediction has exactly one to be counted by. */
export function atHorizon(standing: Standing): Step & { readonly outcome: Outcome } {
  const time = horizonOf(standing.prediction)
  const resolution = resolve(standing.prediction, standing.feedback, { now: time })
  return { outcome: lineOf(standing, resolution, 'horizon', time), resolution }
}
