/**
 * How finely delays and cohorts are told apart, as a share of the horizon: a cohort is as long as the steps that delays are
 * counted in, so at the age of a cohort the curve is known without guessing between two points.
 */
const STEPS = 32

/** Delays below a step are halved so often: from the 32nd to the 32,768th part of a horizon. */
const HALVINGS = 10

/** Length of a cohort and of a step of delays, in seconds. */
export const stepSeconds = (horizonSeconds: number): number => horizonSeconds / STEPS

/** The upper bound of the interval that a delay falls into, in seconds; undefined beyond the horizon. */
export function delayBound(horizonSeconds: number, delaySeconds: number): number | undefined {
  if (delaySeconds > horizonSeconds) return undefined
  const step = stepSeconds(horizonSeconds)
  if (delaySeconds > step) return Math.min(Math.ceil(delaySeconds / step), STEPS) * step
  let bound = step
  for (let halving = 0; halving < HALVINGS && delaySeconds <= bound / 2; halving += 1) bound /= 2
  return bound
}

/** Number of the cohort that a prediction of this time is in. */
export const cohortOf = (horizonSeconds: number, time: number): number =>
  Math.floor(time / 1000 / stepSeconds(horizonSeconds))

/** When the cohort begins: milliseconds since 1970. */
export const cohortStart = (horizonSeconds: number, cohort: number): number =>
  cohort * stepSeconds(horizonSeconds) * 1000

/** For how long every prediction of a cohort has been watched: whole steps, at most the horizon. In seconds. */
export function watchedSeconds(horizonSeconds: number, cohort: number, now: number): number {
  const age = Math.floor((now - cohortStart(horizonSeconds, cohort + 1)) / 1000 / stepSeconds(horizonSeconds))
  return Math.max(0, Math.min(age, STEPS)) * stepSeconds(horizonSeconds)
}
