import { expect } from 'vitest'

/** For `expect(figure).toEqual(close(other))`: as defined as the other, and equal to it but for rounding. */
export const close = (other: number | undefined, digits = 9): unknown =>
  other === undefined ? undefined : expect.closeTo(other, digits)
