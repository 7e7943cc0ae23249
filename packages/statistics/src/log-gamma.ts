/** Coefficients B₂ₖ / (2k(2k−1)) of Stirling's series. */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360, 1 / 156] as const

/** From here on seven terms of the series give full double precision. */
const LARGE = 10

const HALF_LOG_TWO_PI = Math.log(2 * Math.PI) / 2

/**
 * ln Γ(x) for x > 0: Stirling's series (DLMF 5.11.1), small arguments lifted by Γ(x + 1) = x Γ(x).
 */
export function logGamma(x: number): number {
  let lifted = x
  let product = 1
  while (lifted < LARGE) {
    product *= lifted
    lifted += 1
  }
  const square = lifted * lifted
  let power = lifted
  let series = 0
  for (const coefficient of STIRLING) {
    series += coefficient / power
    power *= square
  }
  return (lifted - 0.5) * Math.log(lifted) - lifted + HALF_LOG_TWO_PI + series - Math.log(product)
}
