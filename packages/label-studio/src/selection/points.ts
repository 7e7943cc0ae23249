import type { Features } from '@groundtrace/core'
import type { Candidate } from './candidate.ts'

/** The numbers in one feature; undefined for texts and what is missing. */
function numbersOf(features: Features, name: string): readonly number[] | undefined {
  const value = Object.hasOwn(features, name) ? features[name] : undefined
  const list = Array.isArray(value) ? value : [value]
  return list.every((item) => typeof item === 'number' || typeof item === 'boolean') ? list.map(Number) : undefined
}

/** All features of a candidate in one row, as long as `length` when that is given; undefined where one is missing. */
function rowOf({ prediction }: Candidate, names: readonly string[]): readonly number[] | undefined {
  const rows = names.map((name) => numbersOf(prediction.features ?? {}, name))
  return rows.every((row) => row !== undefined) ? rows.flat() : undefined
}

/** Candidates with a point for each. */
export interface Points {
  readonly candidates: readonly Candidate[]
  readonly points: readonly (readonly number[])[]
}

/**
 * Points to measure distance between: each feature scaled to mean 0 and deviation 1 within these candidates, so that no
 * unit outweighs another. Candidates without all features, or with lists of another length than most, have none.
 */
export function pointsOf(candidates: readonly Candidate[], names: readonly string[]): Points {
  const rows = candidates.flatMap((candidate) => {
    const row = rowOf(candidate, names)
    return row === undefined ? [] : [{ candidate, row }]
  })
  const lengths = Map.groupBy(rows, ({ row }) => row.length)
  const kept = [...lengths.values()].toSorted((a, b) => b.length - a.length)[0] ?? []
  const width = kept[0]?.row.length ?? 0
  const scales = Array.from({ length: width }, (_, column) => {
    const values = kept.map(({ row }) => row[column] ?? 0)
    const mean = values.reduce((a, b) => a + b, 0) / values.length
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
    return { mean, deviation: deviation > 0 ? deviation : 1 }
  })
  return {
    candidates: kept.map(({ candidate }) => candidate),
    points: kept.map(({ row }) =>
      row.map((value, column) => (value - (scales[column]?.mean ?? 0)) / (scales[column]?.deviation ?? 1)),
    ),
  }
}
