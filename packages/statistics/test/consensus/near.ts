import { expect } from 'vitest'

/** As many numbers, each as near. */
export function expectNear(actual: Iterable<number>, expected: Iterable<number>, tolerance: number): void {
  const [left, right] = [[...actual], [...expected]]
  expect(left.length).toBe(right.length)
  for (const [index, value] of left.entries()) {
    expect(Math.abs(value - (right[index] ?? Number.NaN)), `at ${index}`).toBeLessThanOrEqual(tolerance)
  }
}
