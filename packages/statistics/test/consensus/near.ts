interface Matcher {
  asymmetricMatch(actual: unknown): boolean
  toString(): string
}

function nearNumber(expected: number, tolerance: number): Matcher {
  return {
    asymmetricMatch: (actual) => typeof actual === 'number' && Math.abs(actual - expected) <= tolerance,
    toString: () => `within ${tolerance} of ${expected}`,
  }
}

/** For `expect([...]).toEqual(near(…))`: as many numbers, each no further off than this. */
export function near(expected: Iterable<number>, tolerance: number): Matcher[] {
  return Array.from(expected, (value) => nearNumber(value, tolerance))
}
