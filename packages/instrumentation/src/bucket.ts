/** Most edges of one field: its labels are few enough to count by. */
export const MAX_EDGES = 100

/** True for 1 to 100 finite numbers, each above the one before. */
export function areEdges(edges: unknown): edges is readonly number[] {
  if (!Array.isArray(edges) || edges.length === 0 || edges.length > MAX_EDGES) return false
  // By index: holes count.
  for (let index = 0; index < edges.length; index += 1) {
    if (!Number.isFinite(edges[index]) || (index > 0 && !(edges[index - 1] < edges[index]))) return false
  }
  return true
}

/**
 * Says in which bucket a number lies. Of edges 18 and 30 the buckets are `(-inf,18)`, `[18,30)` and `[30,inf)`: each holds
 * its lower edge and not its upper one, so every number is in exactly one. Edges are written as ECMAScript writes numbers.
 * @param edges ascending; see {@link areEdges}
 */
export function bucketing(edges: readonly number[]): (value: number) => string {
  const bounds = [...edges]
  const labels = [...bounds, undefined].map((upper, index) => {
    const lower = bounds[index - 1]
    return `${lower === undefined ? '(-inf' : `[${lower}`},${upper ?? 'inf'})`
  })
  return (value) => labels[countUpTo(bounds, value)] as string
}

/** How many edges are at most the value, by halving. */
function countUpTo(edges: readonly number[], value: number): number {
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((edges[middle] as number) <= value) low = middle + 1
    else high = middle
  }
  return low
}
