import { fitPlattScaling } from './calibration.ts'
import { BUCKETS, type MailFeatures } from './features.ts'
import { fnv1a } from './fnv1a.ts'
import { fitLogisticRegression, marginOf, type Rows } from './logistic-regression.ts'
import { kindOf, MailTriageError } from './mail-triage-error.ts'
import { packModel, type SpamFilterModel } from './spam-filter-model.ts'
import { toSparseRow } from './sparse-row.ts'

export type MailLabel = 'spam' | 'ham'

export interface SpamExample {
  readonly features: MailFeatures
  readonly label: MailLabel
  /** How many mails it stands for, above 0; 1 by default. Only the proportions between weights matter. */
  readonly weight?: number | undefined
  /** Examples of one group (a thread) are never used to calibrate each other. By default each is its own. */
  readonly group?: string | undefined
}

export interface TrainingRequest {
  readonly examples: readonly SpamExample[]
  /** A whole number. The same examples in the same order and the same seed give the same model. 1 by default. */
  readonly seed?: number | undefined
}

/** What an example's loss costs against the penalty on weights. Chosen on the corpus; 16 to 256 do nearly as well. */
const COST = 64
const FOLDS = 5

/**
 * Trains the filter and calibrates it on margins of models that had not seen the example (five folds). Both classes count
 * the same in the calibration: the share of spam among examples says how they were collected, and the share among
 * mails drifts, so neither may move the cut-off.
 *
 * @throws MailTriageError `invalid-argument`; `one-class` without an example of each class
 */
export function trainSpamFilter({ examples, seed = 1 }: TrainingRequest): SpamFilterModel {
  if (!Number.isSafeInteger(seed)) {
    throw new MailTriageError('invalid-argument', `The seed is ${kindOf(seed)}`, 'Pass a whole number')
  }
  const data = readExamples(examples)
  const options = { dimensions: BUCKETS, seed }
  const { weights, bias } = fitLogisticRegression(data, options)
  const folds = examples.map(({ group }, index) => fnv1a(`${seed} ${group ?? index}`) % FOLDS)
  const margins = new Float64Array(data.rows.length)
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const model = fitLogisticRegression(
      pick(data, (index) => folds[index] !== fold),
      options,
    )
    for (const [index, row] of data.rows.entries()) if (folds[index] === fold) margins[index] = marginOf(model, row)
  }
  const calibration = fitPlattScaling(margins, data.signs, balancedWeights(data))
  const spam = data.signs.filter((sign) => sign > 0).length
  const trainedOn = { examples: examples.length, spam, ham: examples.length - spam }
  return packModel(weights, { bias, calibration, trainedOn, seed })
}

function readExamples(examples: readonly SpamExample[]): Rows {
  if (!Array.isArray(examples)) {
    throw new MailTriageError('invalid-argument', `The examples are ${kindOf(examples)}`, 'Pass an array of examples')
  }
  const labels = new Set<MailLabel>()
  const weights = examples.map((example: SpamExample, index) => {
    const { label, weight = 1 } = example ?? {}
    if (label !== 'spam' && label !== 'ham')
      throw invalidExample(index, `has the label ${kindOf(label)}`, "'spam' or 'ham'")
    if (!Number.isFinite(weight) || weight <= 0)
      throw invalidExample(index, `has the weight ${weight}`, 'a number above 0')
    labels.add(label)
    return weight
  })
  if (labels.size < 2) {
    throw new MailTriageError(
      'one-class',
      `${examples.length} examples hold ${[...labels].join() || 'no class'} only`,
      'Wait for at least one example of spam and one of ham, and train again',
    )
  }
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length
  return {
    rows: examples.map(({ features }) => toSparseRow(features)),
    signs: Int8Array.from(examples, ({ label }) => (label === 'spam' ? 1 : -1)),
    costs: Float64Array.from(weights, (weight) => (COST * weight) / mean),
  }
}

function invalidExample(index: number, what: string, next: string): MailTriageError {
  return new MailTriageError('invalid-argument', `Example ${index} ${what}`, `Give it ${next}`)
}

function pick({ rows, signs, costs }: Rows, isPicked: (index: number) => boolean): Rows {
  return {
    rows: rows.filter((_, index) => isPicked(index)),
    signs: signs.filter((_, index) => isPicked(index)),
    costs: costs.filter((_, index) => isPicked(index)),
  }
}

/** The weights of each class, scaled to half of the number of rows. */
function balancedWeights({ signs, costs }: Rows): Float64Array {
  let [spam, ham] = [0, 0]
  for (const [index, cost] of costs.entries()) {
    if ((signs[index] ?? 0) > 0) spam += cost
    else ham += cost
  }
  return costs.map((cost, index) => (cost * costs.length) / (2 * ((signs[index] ?? 0) > 0 ? spam : ham)))
}
