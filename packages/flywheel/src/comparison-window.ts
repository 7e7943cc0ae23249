import { quote, type Policy } from '@groundtrace/core'
import type { DisagreementStratum } from '@groundtrace/statistics'
import { listOf, refusal } from './argument.ts'

/** One prediction of a window, as two versions answer it. */
export interface ComparedPrediction {
  /** What the newer version says. */
  readonly candidateLabel: string
  /** What the version that it is compared with says. */
  readonly championLabel: string
  /** Absent where it is not known. */
  readonly truth?: string
  /** Under which the prediction was served: its action and propensity say how likely its truth was to be revealed. */
  readonly policy?: Pick<Policy, 'action' | 'propensity' | 'explored'>
  /** Names predictions of which truths were revealed alike. Default: those with the same policy action and propensity. */
  readonly stratum?: string
  /** Whether its truth was told by somebody who was not asked. Default: where there is a policy, whether it was not explored. */
  readonly volunteer?: boolean
}

/**
 * What to make of truths that nobody asked for.
 * - `alike`: they stand for their stratum like the explored ones. This takes for granted that among predictions with the
 *   same labels in a stratum, the truth does not decide who answers (missing at random).
 * - `left-out`: only explored predictions count. Nothing is taken for granted, and far fewer truths are left.
 */
export type VolunteerUse = 'alike' | 'left-out'

/** A window sorted by both labels and the chance with which truths were revealed. */
export interface ComparisonWindow {
  readonly strata: readonly DisagreementStratum[]
  /** How many known truths are of each class. */
  readonly revealedPerClass: ReadonlyMap<string, number>
  /**
   * Share of the disagreements whose truth is taken from volunteers: what rests on “missing at random”. `undefined` when
   * none is known, or a known one doesn't say whether it came from one.
   */
  readonly assumedShare: number | undefined
}

interface Stratum {
  readonly candidate: string
  readonly champion: string
  population: number
  readonly revealed: Record<string, number>
  volunteers: number
}

/**
 * Sorts a window into strata.
 * @throws GroundtraceError `invalid-argument`
 */
export function comparisonWindow(
  predictions: Iterable<ComparedPrediction>,
  options: { readonly classes?: readonly string[] | undefined; readonly volunteers: VolunteerUse },
): ComparisonWindow {
  const { classes, volunteers } = options
  if (volunteers !== 'alike' && volunteers !== 'left-out') {
    throw refusal(`volunteers is ${quote(volunteers)}`, 'Use alike or left-out')
  }
  const strata = new Map<string, Stratum>()
  const revealedPerClass = new Map<string, number>()
  let untold = false
  for (const [index, prediction] of listOf(predictions, 'window').entries()) {
    check(prediction, index, classes)
    const { candidateLabel: candidate, championLabel: champion, policy, truth } = prediction
    const { stratum: name = actionAndPropensity(policy), volunteer = isVolunteer(policy) } = prediction
    const key = JSON.stringify([candidate, champion, name])
    const stratum = strata.get(key) ?? { candidate, champion, population: 0, revealed: noCounts(), volunteers: 0 }
    strata.set(key, stratum)
    stratum.population += 1
    if (truth === undefined) continue
    if (volunteers === 'left-out' && volunteer !== false) {
      if (volunteer) continue
      throw refusal(
        `Prediction ${index} doesn't say whether its truth came from a volunteer`,
        'Pass policy or volunteer, or use volunteers: alike',
      )
    }
    stratum.revealed[truth] = (stratum.revealed[truth] ?? 0) + 1
    revealedPerClass.set(truth, (revealedPerClass.get(truth) ?? 0) + 1)
    if (volunteer === true) stratum.volunteers += 1
    if (volunteer === undefined && candidate !== champion) untold = true
  }
  const sorted = [...strata.values()]
  return {
    strata: sorted,
    revealedPerClass,
    assumedShare: untold ? undefined : shareOfVolunteers(sorted),
  }
}

function actionAndPropensity({ action, propensity }: ComparedPrediction['policy'] = {}): string {
  return `${action ?? 'no action'} at ${propensity ?? 'no propensity'}`
}

/** Without a prototype, so that a class may be called like anything an object has. */
function noCounts(): Record<string, number> {
  return Object.create(null) as Record<string, number>
}

function isVolunteer(policy: ComparedPrediction['policy']): boolean | undefined {
  return policy === undefined ? undefined : policy.explored !== true
}

/** Each known truth stands for its part of the stratum. */
function shareOfVolunteers(strata: readonly Stratum[]): number | undefined {
  let [assumed, whole] = [0, 0]
  for (const { candidate, champion, population, revealed, volunteers } of strata) {
    const known = Object.values(revealed).reduce((sum, count) => sum + count, 0)
    if (candidate === champion || known === 0) continue
    assumed += (population * volunteers) / known
    whole += population
  }
  return whole === 0 ? undefined : assumed / whole
}

function check(prediction: ComparedPrediction, index: number, classes: readonly string[] | undefined): void {
  const { candidateLabel, championLabel, truth = 'not known' } = prediction ?? {}
  if ([candidateLabel, championLabel, truth].some((label) => typeof label !== 'string' || label === '')) {
    throw refusal(
      `Prediction ${index} lacks a label`,
      'Pass candidateLabel and championLabel as texts, and truth too where it is known',
    )
  }
  if (prediction.truth !== undefined && classes?.includes(prediction.truth) === false) {
    throw refusal(
      `Prediction ${index}: ${quote(prediction.truth)} is none of the classes`,
      `Use one of ${classes.join(', ')}`,
    )
  }
}
