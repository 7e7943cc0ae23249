import type { MeasurementLevel, Rating, RatingKey } from '@groundtrace/statistics'

/** Krippendorff's alpha as his paper of 2011 defines it, step by step: coincidences, margins, distances, all pairs. */
export interface DefinedAlpha {
  /** `undefined` where it would be 0 / 0. */
  readonly alpha: number | undefined
  readonly observed: number | undefined
  readonly expected: number | undefined
  readonly pairableValues: number
}

type Distance = (c: number, k: number) => number

function distance(level: MeasurementLevel, values: readonly RatingKey[], margins: readonly number[]): Distance {
  const number = (code: number) => Number(values[code])
  if (level === 'nominal') return (c, k) => Number(c !== k)
  if (level === 'interval') return (c, k) => (number(c) - number(k)) ** 2
  if (level === 'ratio') return (c, k) => (c === k ? 0 : ((number(c) - number(k)) / (number(c) + number(k))) ** 2)
  return (c, k) => {
    const between = margins.slice(Math.min(c, k), Math.max(c, k) + 1).reduce((sum, count) => sum + count, 0)
    return (between - ((margins[c] ?? 0) + (margins[k] ?? 0)) / 2) ** 2
  }
}

/** @param values all values, from low to high */
export function definedAlpha(
  rows: readonly Rating[],
  level: MeasurementLevel,
  values: readonly RatingKey[],
): DefinedAlpha {
  const codes = values.map((_, code) => code)
  const coincidences = codes.map(() => codes.map(() => 0))
  for (const unit of Map.groupBy(rows, (row) => row.unit).values()) {
    for (const one of unit) {
      for (const other of unit) {
        if (one.rater === other.rater) continue
        const line = coincidences[values.indexOf(one.value)] ?? []
        const column = values.indexOf(other.value)
        line[column] = (line[column] ?? 0) + 1 / (unit.length - 1)
      }
    }
  }
  const margins = coincidences.map((line) => line.reduce((sum, count) => sum + count, 0))
  const pairableValues = margins.reduce((sum, count) => sum + count, 0)
  const between = distance(level, values, margins)
  let [observed, expected] = [0, 0]
  for (const c of codes) {
    for (const k of codes) {
      observed += (coincidences[c]?.[k] ?? 0) * between(c, k)
      expected += (margins[c] ?? 0) * (margins[k] ?? 0) * between(c, k)
    }
  }
  if (pairableValues === 0) return { alpha: undefined, observed: undefined, expected: undefined, pairableValues }
  observed /= pairableValues
  expected /= pairableValues * (pairableValues - 1)
  return { alpha: expected === 0 ? undefined : 1 - observed / expected, observed, expected, pairableValues }
}
