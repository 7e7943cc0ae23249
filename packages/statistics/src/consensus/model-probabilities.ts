import { invalid } from '../parse.ts'
import { compareKeys, type RatingKey } from '../ratings.ts'
import { StatisticsError } from '../statistics-error.ts'

/** What a model says of each unit: a probability for each class, by its name. */
export type ModelProbabilities = ReadonlyMap<RatingKey, Readonly<Record<string, number>>>

/** The same for units in order. */
export interface ParsedProbabilities {
  /** Those answered and those that the model knows. */
  readonly classes: readonly RatingKey[]
  /** Units × classes. */
  readonly probabilities: Float64Array
}

/** How far a model's probabilities for one unit may be from 1 together: rounding to single precision and to print. */
const ROUNDING = 1e-3

function recordFor(predictions: ModelProbabilities, unit: RatingKey): Readonly<Record<string, number>> {
  const record = predictions.get(unit)
  if (record === undefined) {
    throw new StatisticsError(
      'unknown-unit',
      `The model says nothing of unit ${JSON.stringify(unit)}`,
      'Pass probabilities for every unit that is rated, under the same key, or leave its ratings out',
    )
  }
  if (typeof record !== 'object' || record === null) {
    throw invalid(`The prediction for ${JSON.stringify(unit)}`, record, 'Pass an object of class and probability')
  }
  return record
}

/** The answered classes and the names that only the model has; those are numbers where all that was answered are. */
function allClasses(
  predictions: ModelProbabilities,
  units: readonly RatingKey[],
  answered: readonly RatingKey[],
): RatingKey[] {
  const known = new Map<string, RatingKey>(answered.map((key) => [String(key), key]))
  const numeric = answered.every((key) => typeof key === 'number')
  for (const unit of units) {
    for (const name of Object.keys(recordFor(predictions, unit))) {
      if (!known.has(name)) known.set(name, numeric && String(Number(name)) === name ? Number(name) : name)
    }
  }
  return [...known.values()].sort(compareKeys)
}

/** @throws StatisticsError `invalid-argument`, `unknown-unit` */
export function parseModelProbabilities(
  predictions: ModelProbabilities,
  units: readonly RatingKey[],
  answered: readonly RatingKey[],
): ParsedProbabilities {
  if (!(predictions instanceof Map)) {
    throw invalid('The predictions', predictions, 'Pass a Map from unit to an object of class and probability')
  }
  const classes = allClasses(predictions, units, answered)
  const names = classes.map(String)
  const probabilities = new Float64Array(units.length * classes.length)
  let cell = 0
  for (const unit of units) {
    const record = recordFor(predictions, unit)
    let total = 0
    for (const name of names) {
      const probability = Object.hasOwn(record, name) ? (record[name] ?? Number.NaN) : 0
      if (!(typeof probability === 'number' && probability >= 0 && probability <= 1)) {
        const where = `The probability of ${JSON.stringify(name)} for unit ${JSON.stringify(unit)}`
        throw invalid(where, probability, 'Pass numbers from 0 to 1')
      }
      probabilities[cell] = probability
      total += probability
      cell += 1
    }
    if (Math.abs(total - 1) > ROUNDING) {
      throw invalid(
        `The sum of the probabilities for unit ${JSON.stringify(unit)}`,
        total,
        'Pass probabilities that sum to 1',
      )
    }
  }
  return { classes, probabilities }
}
