const ROOT_TWO_PI = Math.sqrt(2 * Math.PI)

/** From here on the continued fraction needs fewer terms than the series. */
const LARGE = 3

/**
 * P(|Z| ≥ |z|) for a standard normal Z: the series of Φ(z) − 1/2 (Abramowitz & Stegun 26.2.11) for small z, the continued
 * fraction of the tail (26.2.14) for large ones.
 */
export function twoSidedNormal(z: number): number {
  const size = Math.abs(z)
  const density = Math.exp((-size * size) / 2) / ROOT_TWO_PI
  if (size >= LARGE) {
    let fraction = size
    for (let term = 60; term >= 1; term -= 1) fraction = size + term / fraction
    return (2 * density) / fraction
  }
  let term = size
  let sum = 0
  for (let odd = 3; term > sum * 1e-17; odd += 2) {
    sum += term
    term *= (size * size) / odd
  }
  return Math.max(0, 1 - 2 * density * sum)
}
