import { quote, type Prediction, type TrackingId } from '@groundtrace/core'
import { functionOf, listOf, optionsOf, refusal } from './argument.ts'

/** What a stratum may look at. */
export type Stratifiable = Pick<Prediction, 'id' | 'policy' | 'value'>

export interface RevealWeightsOptions {
  /** All predictions that the revealed ones are to stand for: of the time that the validation set covers. */
  readonly predictions: Iterable<Stratifiable>
  /** IDs of those whose truth is known: the validation set. */
  readonly revealed: Iterable<TrackingId>
  /** Which predictions are alike. Default: those with the same policy action and the same propensity. */
  readonly stratumOf?: (prediction: Stratifiable) => string
  /**
   * What to make of answers that nobody asked for.
   * - `alike` (default): they stand for their stratum like the explored ones. This takes for granted that within a
   *   stratum the truth does not decide who answers (missing at random); `assumedShare` says how much rests on it.
   * - `left-out`: only explored predictions count. Nothing is taken for granted, and far fewer units are left.
   */
  readonly volunteers?: 'alike' | 'left-out'
}

/** Predictions that are alike, and what each revealed one of them stands for. */
export interface StratumWeight {
  readonly stratum: string
  readonly predictions: number
  /** Revealed units that count. */
  readonly revealed: number
  /** Of these, the ones that chance chose: released or audited. */
  readonly explored: number
  /** `predictions / revealed`; absent where nothing was revealed. */
  readonly weight?: number
}

export interface RevealWeights {
  /** Weight of each revealed prediction that counts. They add up to the number of predictions in revealed strata. */
  readonly weights: ReadonlyMap<TrackingId, number>
  readonly strata: readonly StratumWeight[]
  /** Share of the total weight on units that answered of their own accord: what rests on “missing at random”. */
  readonly assumedShare: number
  /** Share of the predictions in strata of which nothing was revealed: the weights say nothing about them. */
  readonly uncoveredShare: number
}

/**
 * Weights that make the revealed predictions stand for all predictions: N / n within each stratum, N predictions of
 * which n were revealed (post-stratification: D. Holt, T. M. F. Smith, Journal of the Royal Statistical Society A 142
 * (1979), 33–46). Explored units are a random sample of their stratum, by design. Volunteers are not: a person who is
 * annoyed by a mistake answers more readily than one who is content. Read `assumedShare` before you trust the figure.
 * @throws GroundtraceError `invalid-argument`, also for a revealed prediction that is not among the predictions
 */
export function revealWeights(options: RevealWeightsOptions): RevealWeights {
  const { stratumOf = actionAndPropensity, volunteers = 'alike', ...given } = optionsOf(options, 'RevealWeightsOptions')
  functionOf(stratumOf, 'stratumOf')
  if (volunteers !== 'alike' && volunteers !== 'left-out') {
    throw refusal(`volunteers is ${quote(volunteers)}`, 'Use alike or left-out')
  }
  const predictions = new Map(listOf(given.predictions, 'predictions').map((prediction) => [prediction.id, prediction]))
  const strata = new Map<string, { predictions: number; ids: TrackingId[]; explored: number }>()
  for (const prediction of predictions.values()) {
    const name = stratumOf(prediction)
    const stratum = strata.get(name)
    if (stratum === undefined) strata.set(name, { predictions: 1, ids: [], explored: 0 })
    else stratum.predictions += 1
  }
  for (const id of new Set(listOf(given.revealed, 'revealed'))) {
    const prediction = predictions.get(id)
    const stratum = prediction === undefined ? undefined : strata.get(stratumOf(prediction))
    if (prediction === undefined || stratum === undefined) {
      throw refusal(`Revealed prediction ${quote(id)} is not among the predictions`, 'Pass both of the same period')
    }
    const explored = prediction.policy?.explored === true
    if (volunteers === 'left-out' && !explored) continue
    stratum.ids.push(id)
    if (explored) stratum.explored += 1
  }
  return summed([...strata])
}

function actionAndPropensity({ policy }: Stratifiable): string {
  return `${policy?.action ?? 'no action'} at ${policy?.propensity ?? 'no propensity'}`
}

function summed(
  strata: readonly (readonly [string, { predictions: number; ids: TrackingId[]; explored: number }])[],
): RevealWeights {
  const weights = new Map<TrackingId, number>()
  let [covered, assumed, uncovered] = [0, 0, 0]
  const rows = strata.map(([stratum, { predictions, ids, explored }]): StratumWeight => {
    const revealed = ids.length
    if (revealed === 0) {
      uncovered += predictions
      return { stratum, predictions, revealed, explored }
    }
    const weight = predictions / revealed
    for (const id of ids) weights.set(id, weight)
    covered += predictions
    assumed += weight * (revealed - explored)
    return { stratum, predictions, revealed, explored, weight }
  })
  return {
    weights,
    strata: rows.sort((a, b) => (a.stratum < b.stratum ? -1 : 1)),
    assumedShare: covered === 0 ? 0 : assumed / covered,
    uncoveredShare: uncovered === 0 ? 0 : uncovered / (covered + uncovered),
  }
}
