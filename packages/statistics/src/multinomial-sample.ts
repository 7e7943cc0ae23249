import { logGamma } from './log-gamma.ts'

/** Up to this mean, counting up from 0 takes few steps; beyond it, rejection takes fewer. */
const LARGEST_MEAN_TO_COUNT = 10

/** Inversion from 0 upwards (algorithm BINV of Kachitvichyanukul and Schmeiser 1988). Needs trials · p small. */
function binomialByCounting(trials: number, p: number, random: () => number): number {
  const odds = p / (1 - p)
  let left = random()
  let probability = Math.exp(trials * Math.log1p(-p))
  let successes = 0
  while (left > probability && successes < trials) {
    left -= probability
    successes += 1
    probability *= (odds * (trials - successes + 1)) / successes
  }
  return successes
}

/**
 * Transformed rejection with squeeze: W. Hörmann, "The generation of binomial random variates", Journal of Statistical
 * Computation and Simulation 46 (1993), 101–110 (BTRS). Needs trials · p of at least 10 and p of at most 1/2.
 */
function binomialByRejection(trials: number, p: number, random: () => number): number {
  const deviation = Math.sqrt(trials * p * (1 - p))
  const b = 1.15 + 2.53 * deviation
  const a = -0.0873 + 0.0248 * b + 0.01 * p
  const centre = trials * p + 0.5
  const alpha = (2.83 + 5.1 / b) * deviation
  const squeeze = 0.92 - 4.2 / b
  const logOdds = Math.log(p / (1 - p))
  const mode = Math.floor((trials + 1) * p)
  const atMode = logGamma(mode + 1) + logGamma(trials - mode + 1)
  for (;;) {
    const u = random() - 0.5
    const v = random()
    const edge = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / edge + b) * u + centre)
    if (k < 0 || k > trials) continue
    if (edge >= 0.07 && v <= squeeze) return k
    const height = Math.log((v * alpha) / (a / (edge * edge) + b))
    if (height <= atMode - logGamma(k + 1) - logGamma(trials - k + 1) + (k - mode) * logOdds) return k
  }
}

/** A binomial count, in time that does not grow with the number of trials. */
export function binomialSample(trials: number, p: number, random: () => number): number {
  if (trials === 0 || p <= 0) return 0
  if (p >= 1) return trials
  if (p > 0.5) return trials - binomialSample(trials, 1 - p, random)
  return trials * p < LARGEST_MEAN_TO_COUNT
    ? binomialByCounting(trials, p, random)
    : binomialByRejection(trials, p, random)
}

/** Draws counts of `units` with these shares: each bin is binomial in what the bins before it left. */
export function multinomialSampler(shares: readonly number[], random: () => number): (units: number) => number[] {
  let tail = 0
  // Summed from the end, so that the last bin that can be drawn takes all that is left, whatever was rounded.
  const conditional = shares.toReversed().map((share) => {
    tail += share
    return share === 0 ? 0 : share / tail
  })
  const probabilities = conditional.toReversed()
  return (units) => {
    let left = units
    return probabilities.map((probability) => {
      const count = binomialSample(left, probability, random)
      left -= count
      return count
    })
  }
}
