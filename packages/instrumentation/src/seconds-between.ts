/** Seconds from one reading of a stop watch to another. Undefined when it failed or went back: that costs the latency, not the prediction. */
export function secondsBetween(started: number | undefined, ended: number | undefined): number | undefined {
  const seconds = ((ended ?? Number.NaN) - (started ?? Number.NaN)) / 1000
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined
}
