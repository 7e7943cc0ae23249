import type { AnswerFault } from './answer.ts'
import { shareControl } from './control-names.ts'
import type { Entry } from './controls-of.ts'
import { numberOf } from './entered.ts'

const WHOLE = 100
/** Rounding one share to whole percents moves it by half a percent at the most. */
const ROUNDING = 0.5

/**
 * What share of people the rater expects to choose each class, adding up to 1. Percents that miss 100 by no more than
 * rounding each to a whole one can make of it are divided by their sum; others are not guessed at.
 */
export function sharesOf(
  classes: readonly string[],
  controls: ReadonlyMap<string, Entry>,
  faults: Set<AnswerFault>,
): Readonly<Record<string, number>> | undefined {
  const entries = classes.map((label) => controls.get(shareControl(label)))
  if (entries.every((entry) => entry === undefined)) return undefined
  const percents = entries.map((entry) => numberOf(entry, faults)).filter((percent) => percent !== undefined)
  if (percents.length < classes.length) {
    if (entries.includes(undefined)) faults.add('shares-missing')
    return undefined
  }
  if (percents.some((percent) => percent < 0 || percent > WHOLE)) {
    faults.add('shares-out-of-range')
    return undefined
  }
  const sum = percents.reduce((total, percent) => total + percent, 0)
  if (Math.abs(sum - WHOLE) > ROUNDING * classes.length) {
    faults.add('shares-sum')
    return undefined
  }
  return Object.fromEntries(classes.map((label, index) => [label, (percents[index] ?? 0) / sum]))
}
