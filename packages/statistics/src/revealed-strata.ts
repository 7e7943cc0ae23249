import { StatisticsError } from './statistics-error.ts'
import { invalid, parseBoolean, parseList, parsePropensity, parseWhole } from './parse.ts'

/** One unit whose truth was revealed: a blocked one that was released, or a passed one that was audited. */
export interface RevealedUnit {
  /** What the classifier said: true for positive (blocked). */
  readonly predicted: boolean
  /** Whether it is positive in truth. */
  readonly truth: boolean
  /** The probability with which it was chosen to be revealed, above 0 and at most 1. */
  readonly propensity: number
}

/** How many units of the population were predicted so and had this propensity, revealed or not. */
export interface PopulationStratum {
  readonly predicted: boolean
  readonly propensity: number
  readonly count: number
}

/** Units with the same prediction and propensity: a simple random sample of what they were drawn from. */
export interface Stratum {
  readonly predicted: boolean
  readonly propensity: number
  /** Size in the population; `undefined` where it was not given. */
  readonly count: number | undefined
  readonly revealed: number
  /** Of the revealed units, those that are positive in truth. */
  readonly positive: number
}

const keyOf = (predicted: boolean, propensity: number) => `${predicted ? 'positive' : 'negative'} at ${propensity}`

interface Tally {
  predicted: boolean
  propensity: number
  count: number | undefined
  revealed: number
  positive: number
}

function parseStratum(stratum: PopulationStratum, name: string): Tally & { count: number } {
  if (typeof stratum !== 'object' || stratum === null) {
    throw invalid(name, stratum, 'Pass { predicted, propensity, count }')
  }
  return {
    predicted: parseBoolean(stratum.predicted, `${name}.predicted`),
    propensity: parsePropensity(stratum.propensity, `${name}.propensity`),
    count: parseWhole(stratum.count, `${name}.count`, 0),
    revealed: 0,
    positive: 0,
  }
}

function tallyUnit(unit: RevealedUnit, name: string, strata: Map<string, Tally>, closed: boolean): void {
  if (typeof unit !== 'object' || unit === null) throw invalid(name, unit, 'Pass { predicted, truth, propensity }')
  const predicted = parseBoolean(unit.predicted, `${name}.predicted`)
  const truth = parseBoolean(unit.truth, `${name}.truth`)
  const propensity = parsePropensity(unit.propensity, `${name}.propensity`)
  const key = keyOf(predicted, propensity)
  let tally = strata.get(key)
  if (tally === undefined) {
    if (closed) {
      throw new StatisticsError(
        'unknown-stratum',
        `${name} was predicted ${key}, and no stratum counts such units`,
        'List every combination of prediction and propensity in strata, with its number of units',
      )
    }
    tally = { predicted, propensity, count: undefined, revealed: 0, positive: 0 }
    strata.set(key, tally)
  }
  tally.revealed += 1
  if (truth) tally.positive += 1
}

/**
 * Sorts revealed units into strata of equal prediction and propensity. With `population` the strata are those listed
 * there (the same one listed twice is added up); without it they are those that units were revealed of.
 * @throws StatisticsError `invalid-argument`, `unknown-stratum`, `impossible-counts`
 */
export function revealedStrata(
  units: Iterable<RevealedUnit>,
  population: Iterable<PopulationStratum> | undefined,
): readonly Stratum[] {
  const strata = new Map<string, Tally>()
  for (const [index, listed] of (population === undefined ? [] : parseList(population, 'strata')).entries()) {
    const stratum = parseStratum(listed, `strata[${index}]`)
    const key = keyOf(stratum.predicted, stratum.propensity)
    strata.set(key, { ...stratum, count: stratum.count + (strata.get(key)?.count ?? 0) })
  }
  for (const [index, unit] of parseList(units, 'units').entries()) {
    tallyUnit(unit, `units[${index}]`, strata, population !== undefined)
  }
  for (const [key, { count, revealed }] of strata) {
    if (count !== undefined && revealed > count) {
      throw new StatisticsError(
        'impossible-counts',
        `${revealed} units predicted ${key} were revealed of only ${count}`,
        'Pass units and strata of the same period and population, and every revealed unit once',
      )
    }
  }
  return [...strata.values()]
}
