import type { PopulationStratum, PropensityWeightedOptions, RevealedUnit } from '@groundtrace/statistics'
import * as fc from 'fast-check'

/** A stratum as a report would show it: its size, what was revealed of it, and how much of that is positive. */
export interface StratumRow {
  readonly predicted: boolean
  readonly propensity: number
  readonly count: number
  readonly revealed: number
  readonly positive: number
}

export function unitsOf(rows: readonly StratumRow[]): RevealedUnit[] {
  return rows.flatMap(({ predicted, propensity, revealed, positive }) =>
    Array.from({ length: revealed }, (_, index) => ({ predicted, propensity, truth: index < positive })),
  )
}

export function strataOf(rows: readonly StratumRow[]): PopulationStratum[] {
  return rows.map(({ predicted, propensity, count }) => ({ predicted, propensity, count }))
}

/** Three blocked tiers, and what passed. */
export const LIVE: readonly StratumRow[] = [
  { predicted: true, propensity: 0.25, count: 600, revealed: 150, positive: 120 },
  { predicted: true, propensity: 0.1, count: 300, revealed: 30, positive: 29 },
  { predicted: true, propensity: 0.03, count: 400, revealed: 12, positive: 12 },
  { predicted: false, propensity: 0.03, count: 4000, revealed: 120, positive: 1 },
]

/** Any population of up to ten strata, on both sides. */
export const rows = fc
  .array(
    fc
      .record({
        predicted: fc.boolean(),
        propensity: fc.constantFrom(0.03, 0.1, 0.25, 1),
        revealed: fc.integer({ min: 1, max: 40 }),
      })
      .chain((row) =>
        fc.record({
          predicted: fc.constant(row.predicted),
          propensity: fc.constant(row.propensity),
          revealed: fc.constant(row.revealed),
          positive: fc.nat(row.revealed),
          count: fc.integer({ min: row.revealed, max: 2000 }),
        }),
      ),
    { minLength: 1, maxLength: 6 },
  )
  .map((list): StratumRow[] => [
    ...new Map(list.map((row) => [`${row.predicted} ${row.propensity}`, row])).values(),
    { predicted: true, propensity: 0.5, revealed: 2, positive: 1, count: 4 },
    { predicted: false, propensity: 0.5, revealed: 2, positive: 1, count: 4 },
  ])

/** Both ways to call: with the population's strata, and without. */
export function ways(list: readonly StratumRow[]): PropensityWeightedOptions[] {
  return [{ strata: strataOf(list) }, {}]
}
