import { logGamma } from './log-gamma.ts'

const ENOUGH = 1e-15
const TINY = 1e-300

/** After a step this small, the next of Newton's, with its squared error, would change nothing. */
const SETTLED = 1e-12

/** More halvings than there are between 1 and the smallest double. */
const MOST_STEPS = 1100

function guard(value: number): number {
  return Math.abs(value) < TINY ? TINY : value
}

/** The continued fraction of DLMF 8.17.22 by Lentz' method; converges fast for x below (a + 1) / (a + b + 2). */
function continuedFraction(x: number, a: number, b: number): number {
  const steps = 200 + 20 * Math.ceil(Math.sqrt(Math.max(a, b)))
  let c = 1
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1))
  let value = d
  for (let m = 1; m <= steps; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / guard(1 + even * d)
    c = guard(1 + even / c)
    value *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / guard(1 + odd * d)
    c = guard(1 + odd / c)
    const factor = d * c
    value *= factor
    if (Math.abs(factor - 1) < ENOUGH) break
  }
  return value
}

/** ln of xᵃ (1 − x)ᵇ / B(a, b). */
function logKernel(x: number, a: number, b: number): number {
  return a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b)
}

/** Regularised incomplete beta function Iₓ(a, b): the distribution function of a beta variable. a, b > 0. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const kernel = Math.exp(logKernel(x, a, b))
  return x < (a + 1) / (a + b + 2)
    ? (kernel * continuedFraction(x, a, b)) / a
    : 1 - (kernel * continuedFraction(1 - x, b, a)) / b
}

/** Quantile of the beta distribution: Newton's steps, halving the bracket where a step leaves it. */
export function betaQuantile(p: number, a: number, b: number): number {
  let low = 0
  let high = 1
  let x = a / (a + b)
  for (let step = 0; step < MOST_STEPS && high - low > ENOUGH * high; step += 1) {
    const excess = incompleteBeta(x, a, b) - p
    if (excess === 0) return x
    if (excess > 0) high = x
    else low = x
    const density = Math.exp(logKernel(x, a, b)) / (x * (1 - x))
    const newton = x - excess / density
    const next = newton > low && newton < high ? newton : (low + high) / 2
    if (Math.abs(next - x) <= SETTLED * x) return next
    x = next
  }
  return x
}
