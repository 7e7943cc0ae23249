import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { seededRandom } from '@groundtrace/statistics'

export interface CrowdSize {
  readonly units: number
  readonly raters: number
  readonly ratingsPerUnit: number
  readonly classes: number
}

/** Ratings by raters of different skill, and a model's probabilities. Units and raters are texts, as keys of tasks and people are. */
export interface Crowd {
  readonly size: CrowdSize
  readonly rows: readonly { readonly unit: string; readonly rater: string; readonly value: number }[]
  readonly predictions: ReadonlyMap<string, Readonly<Record<string, number>>>
}

/** Padded, so that they are in the same order as texts and as numbers. */
const unitKey = (unit: number): string => `task-${String(unit).padStart(6, '0')}`
const raterKey = (rater: number): string => `annotator-${String(rater).padStart(3, '0')}`
const numberOf = (key: string): number => Number(key.slice(key.indexOf('-') + 1))

/**
 * The seeded model: class `c` of C has share (c + 1) / Σ; each rater knows the class with a probability between .4 and
 * .95, and else names any; the model gives the true class more weight than others.
 */
export function makeCrowd(size: CrowdSize, seed: number): Crowd {
  const random = seededRandom(seed)
  const below = (count: number) => Math.floor(random() * count)
  const skills = Array.from({ length: size.raters }, () => 0.4 + 0.55 * random())
  // One entry for each share, to draw a class from.
  const shares = Array.from({ length: size.classes }, (_, c) => Array.from({ length: c + 1 }, () => c)).flat()
  const rows: { unit: string; rater: string; value: number }[] = []
  const predictions = new Map<string, Record<string, number>>()
  for (let unit = 0; unit < size.units; unit += 1) {
    const truth = shares[below(shares.length)] ?? 0
    const chosen = new Set<number>()
    while (chosen.size < size.ratingsPerUnit) chosen.add(below(size.raters))
    for (const rater of chosen) {
      rows.push({
        unit: unitKey(unit),
        rater: raterKey(rater),
        value: random() < (skills[rater] ?? 0) ? truth : below(size.classes),
      })
    }
    const weights = Array.from({ length: size.classes }, (_, c) => random() + (c === truth ? 1 : 0))
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    predictions.set(unitKey(unit), Object.fromEntries(weights.map((weight, c) => [String(c), weight / total])))
  }
  return { size, rows, predictions }
}

/** Writes the same data for the peers: columns of units, raters and values, and units × classes. */
export function writeCrowd({ size, rows, predictions }: Crowd, folder: string): void {
  const columns = [
    rows.map(({ unit }) => numberOf(unit)),
    rows.map(({ rater }) => numberOf(rater)),
    rows.map(({ value }) => value),
  ]
  writeFileSync(join(folder, 'ratings.i32'), Int32Array.from(columns.flat()))
  const probabilities = [...predictions.values()].flatMap((record) =>
    Array.from({ length: size.classes }, (_, c) => record[String(c)] ?? 0),
  )
  writeFileSync(join(folder, 'probabilities.f64'), Float64Array.from(probabilities))
  writeFileSync(join(folder, 'size.json'), JSON.stringify(size))
}
