/** True for a number in [0, 1]: a share or a posterior. */
export function isShare(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1
}

/** The least chance that is logged: a unit of less would stand for more than a million others, and drown them. */
const LEAST_PROPENSITY = 1e-6

/** True for a number from 1e-6 to 1: what was chosen had a chance to be. */
export function isPropensity(value: unknown): value is number {
  return isShare(value) && value >= LEAST_PROPENSITY
}
