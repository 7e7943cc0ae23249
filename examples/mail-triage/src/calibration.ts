/** Turns a margin m into the probability 1 / (1 + exp(−(slope · m + intercept))). */
export interface Calibration {
  readonly slope: number
  readonly intercept: number
}

/**
 * Platt scaling: the logistic curve of one variable that fits margins to what was true. The margins must come from models
 * that did not see their rows. Instead of 0 and 1, the targets are (n₊ + 1) / (n₊ + 2) and 1 / (n₋ + 2) with n₊ and n₋ rows
 * of each class, so the curve stays finite when the margins separate the classes.
 *
 * Sources: J. Platt, "Probabilistic outputs for support vector machines", 1999; H.-T. Lin, C.-J. Lin, R. C. Weng, "A note
 * on Platt's probabilistic outputs for support vector machines", Machine Learning 68 (2007): Newton steps with
 * backtracking.
 *
 * @param signs 1 or −1, one per margin
 * @param weights above 0, one per margin
 */
export function fitPlattScaling(margins: Float64Array, signs: Int8Array, weights: Float64Array): Calibration {
  const positives = signs.reduce((count, sign) => count + (sign > 0 ? 1 : 0), 0)
  const high = (positives + 1) / (positives + 2)
  const low = 1 / (margins.length - positives + 2)
  const targets = Float64Array.from(signs, (sign) => (sign > 0 ? high : low))
  let calibration: Calibration = { slope: 0, intercept: 0 }
  let loss = lossOf(calibration, margins, targets, weights)
  for (let step = 0; step < 100; step += 1) {
    const direction = newtonDirection(calibration, margins, targets, weights)
    if (direction === undefined) break
    const next = backtrack(calibration, direction, loss, (candidate) => lossOf(candidate, margins, targets, weights))
    if (next === undefined) break
    calibration = next.calibration
    loss = next.loss
  }
  return calibration
}

/** exp never overflows, whichever side of 0 the value is on. */
export function logistic(value: number): number {
  if (value >= 0) return 1 / (1 + Math.exp(-value))
  const power = Math.exp(value)
  return power / (1 + power)
}

interface Direction extends Calibration {
  /** Change of the loss per unit step, below 0. */
  readonly descent: number
}

function newtonDirection(
  { slope, intercept }: Calibration,
  margins: Float64Array,
  targets: Float64Array,
  weights: Float64Array,
): Direction | undefined {
  let [bySlope, byIntercept, slopeTwice, both, interceptTwice] = [0, 0, 1e-12, 0, 1e-12]
  for (const [index, margin] of margins.entries()) {
    const weight = weights[index] ?? 0
    const probability = logistic(slope * margin + intercept)
    const error = weight * (probability - (targets[index] ?? 0))
    const spread = weight * probability * (1 - probability)
    bySlope += error * margin
    byIntercept += error
    slopeTwice += spread * margin * margin
    both += spread * margin
    interceptTwice += spread
  }
  if (Math.abs(bySlope) < 1e-9 && Math.abs(byIntercept) < 1e-9) return undefined
  const determinant = slopeTwice * interceptTwice - both * both
  if (!(determinant > 0)) return undefined
  const bySlopeStep = -(interceptTwice * bySlope - both * byIntercept) / determinant
  const byInterceptStep = -(slopeTwice * byIntercept - both * bySlope) / determinant
  const descent = bySlope * bySlopeStep + byIntercept * byInterceptStep
  return { slope: bySlopeStep, intercept: byInterceptStep, descent }
}

function backtrack(
  from: Calibration,
  direction: Direction,
  loss: number,
  lossAt: (calibration: Calibration) => number,
): { calibration: Calibration; loss: number } | undefined {
  for (let step = 1; step > 1e-10; step /= 2) {
    const slope = from.slope + step * direction.slope
    const intercept = from.intercept + step * direction.intercept
    const next = lossAt({ slope, intercept })
    if (next < loss + 1e-4 * step * direction.descent) return { calibration: { slope, intercept }, loss: next }
  }
  return undefined
}

function lossOf(
  { slope, intercept }: Calibration,
  margins: Float64Array,
  targets: Float64Array,
  weights: Float64Array,
): number {
  let loss = 0
  for (const [index, margin] of margins.entries()) {
    const value = slope * margin + intercept
    // log(1 + exp(value)) − target · value, written so that exp never overflows
    loss +=
      (weights[index] ?? 0) *
      (Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value))) - (targets[index] ?? 0) * value)
  }
  return loss
}
