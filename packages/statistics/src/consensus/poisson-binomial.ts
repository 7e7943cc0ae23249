/** So many trials, each with this probability. */
export interface TrialGroup {
  readonly trials: number
  readonly probability: number
}

/** P(0), P(1), … P(below − 1) successes in a binomial. */
function binomialStart({ trials, probability }: TrialGroup, below: number): Float64Array {
  const shares = new Float64Array(below)
  if (probability >= 1) {
    if (trials < below) shares[trials] = 1
    return shares
  }
  let logarithm = trials * Math.log1p(-probability)
  for (let count = 0; count < below && count <= trials; count += 1) {
    shares[count] = Math.exp(logarithm)
    logarithm += Math.log(((trials - count) / (count + 1)) * (probability / (1 - probability)))
  }
  return shares
}

/** P(at least `count` successes) over all the groups, exact but for rounding at 1e-15: 1 − the convolution of their starts. */
export function upperTail(groups: readonly TrialGroup[], count: number): number {
  if (count <= 0) return 1
  let start = new Float64Array(count)
  start[0] = 1
  for (const group of groups) {
    const shares = binomialStart(group, count)
    const next = new Float64Array(count)
    for (let done = 0; done < count; done += 1) {
      for (let more = 0; more < count - done; more += 1) {
        next[done + more] = (next[done + more] ?? 0) + (start[done] ?? 0) * (shares[more] ?? 0)
      }
    }
    start = next
  }
  return Math.min(1, Math.max(0, 1 - start.reduce((a, b) => a + b, 0)))
}
