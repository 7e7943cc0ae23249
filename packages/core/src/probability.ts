/** True for a number in [0, 1]: a share or a posterior. */
export function isShare(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1
}

/** True for a number in (0, 1]: what was chosen had a chance to be. */
export function isPropensity(value: unknown): value is number {
  return isShare(value) && value > 0
}
