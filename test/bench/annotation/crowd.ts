import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { seededRandom } from '@groundtrace/statistics'

export interface CrowdSize {
  readonly units: number
  readonly raters: number
  readonly ratingsPerUnit: number
  readonly classes: number
}

/** Ratings by raters of different skill, and a model's probabilities; as numbers from 0 on. */
export interface Crowd {
  readonly size: CrowdSize
  readonly rows: readonly { readonly unit: number; readonly rater: number; readonly value: number }[]
  readonly predictions: ReadonlyMap<number, Readonly<Record<string, number>>>
}

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
  const rows: { unit: number; rater: number; value: number }[] = []
  const predictions = new Map<number, Record<string, number>>()
  for (let unit = 0; unit < size.units; unit += 1) {
    const truth = shares[below(shares.length)] ?? 0
    const chosen = new Set<number>()
    while (chosen.size < size.ratingsPerUnit) chosen.add(below(size.raters))
    for (const rater of chosen) {
      rows.push({ unit, rater, value: random() < (skills[rater] ?? 0) ? truth : below(size.classes) })
    }
    const weights = Array.from({ length: size.classes }, (_, c) => random() + (c === truth ? 1 : 0))
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    predictions.set(unit, Object.fromEntries(weights.map((weight, c) => [String(c), weight / total])))
  }
  return { size, rows, predictions }
}

/** Writes the same data for the peers: columns of units, raters and values, and units × classes. */
export function writeCrowd({ size, rows, predictions }: Crowd, folder: string): void {
  const columns = [rows.map(({ unit }) => unit), rows.map(({ rater }) => rater), rows.map(({ value }) => value)]
  writeFileSync(join(folder, 'ratings.i32'), Int32Array.from(columns.flat()))
  const probabilities = [...predictions.values()].flatMap((record) =>
    Array.from({ length: size.classes }, (_, c) => record[String(c)] ?? 0),
  )
  writeFileSync(join(folder, 'probabilities.f64'), Float64Array.from(probabilities))
  writeFileSync(join(folder, 'size.json'), JSON.stringify(size))
}
