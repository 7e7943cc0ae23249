import { GroundtraceError, quote } from '@groundtrace/core'
import { SCORE_BUCKETS } from './buckets.ts'

/** Upper edges of ten equal bins for scores in [0, 1], without the last: the highest bin has no upper edge. */
export const SCORE_EDGES: readonly number[] = SCORE_BUCKETS.slice(0, -1)

/** @throws GroundtraceError `invalid-argument` */
export function checkedEdges(edges: readonly number[]): readonly number[] {
  const ascending =
    Array.isArray(edges) && edges.every((edge, index) => Number.isFinite(edge) && !(edge <= edges[index - 1]))
  if (!ascending || edges.length === 0) {
    throw new GroundtraceError(
      'invalid-argument',
      'edges is not a list of ascending numbers',
      'Pass the upper edges of all bins but the highest, such as SCORE_EDGES',
    )
  }
  return [...edges]
}

/** The bin of a score, from 0: the first whose upper edge is not below it. @throws GroundtraceError `invalid-argument` */
export function binOf(edges: readonly number[], score: number): number {
  if (!Number.isFinite(score)) {
    throw new GroundtraceError(
      'invalid-argument',
      `Score ${quote(score)} is no finite number`,
      'Leave out predictions without a score',
    )
  }
  const bin = edges.findIndex((edge) => score <= edge)
  return bin === -1 ? edges.length : bin
}

/**
 * Counts scores in bins, for a reference.
 * @param edges upper edges of all bins but the highest, ascending; default {@link SCORE_EDGES}
 * @returns one count a bin: one more than edges
 * @throws GroundtraceError `invalid-argument` for a score that is no finite number, and for edges that do not ascend
 */
export function countScores(scores: Iterable<number>, edges: readonly number[] = SCORE_EDGES): readonly number[] {
  const checked = checkedEdges(edges)
  const counts = Array.from({ length: checked.length + 1 }, () => 0)
  for (const score of scores) {
    const bin = binOf(checked, score)
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  return counts
}
