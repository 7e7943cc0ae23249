/** Logarithms of 0! … n!, summed term by term. */
function logFactorials(n: number): Float64Array {
  const table = new Float64Array(n + 1)
  for (let k = 2; k <= n; k++) table[k] = (table[k - 1] ?? 0) + Math.log(k)
  return table
}

/**
 * The smallest and largest counts that n draws of probability p leave, but for a chance of `level / 2` on either side:
 * from the exact binomial probabilities, C(n, k) p^k (1 − p)^(n − k), summed from either end.
 */
export function binomialBounds(n: number, p: number, level: number): readonly [low: number, high: number] {
  const log = logFactorials(n)
  const at = (k: number): number =>
    Math.exp((log[n] ?? 0) - (log[k] ?? 0) - (log[n - k] ?? 0) + k * Math.log(p) + (n - k) * Math.log1p(-p))
  let low = 0
  for (let below = at(0); below <= level / 2; below += at(low)) low++
  let high = n
  for (let above = at(n); above <= level / 2; above += at(high)) high--
  return [low, high]
}
