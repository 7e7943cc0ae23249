import type { JobResult } from './result.ts'
import { percent, percentInterval } from './words.ts'

type Judge = (result: JobResult) => string

const within = (value: number | null, interval: readonly [number, number] | null): boolean =>
  value !== null && interval !== null && value >= interval[0] && value <= interval[1]

const loopAgainstFrozen: Judge = ({ models: { filter } }) => {
  const [loop, frozen] = [filter.loop.balancedAccuracy, filter.frozen.balancedAccuracy]
  if (loop === null || frozen === null) return 'Whether the loop helped is not known: one class never came.'
  const points = ((loop - frozen) * 100).toFixed(1)
  return loop > frozen
    ? `The closed loop beat the frozen first version by ${points} points of balanced accuracy on the very same mails.`
    : `The closed loop did not beat the frozen first version: ${points} points of balanced accuracy.`
}

const estimate =
  (figure: 'precision' | 'recall'): Judge =>
  ({ models: { filter } }) => {
    const { naive, estimated, actual } = filter.holdout
    const { value, interval } = estimated[figure]
    if (value === null) return `The holdout says nothing of ${figure}: too little was revealed.`
    const held = within(actual[figure], interval) ? 'an interval that holds' : 'an interval that misses'
    return `A naive monitor reads a ${figure} of ${percent(naive[figure])}; the holdout estimates ${percent(value)} (95 %: ${percentInterval(interval)}), ${held} the true ${percent(actual[figure])}.`
  }

const lineage: Judge = ({ lineage: { checked, broken } }) =>
  broken === 0
    ? `All ${checked} examples lead back to their feedback, prediction and span.`
    : `${broken} of ${checked} examples do not lead back to where they came from.`

const loss: Judge = (result) => {
  const lost = Object.entries(result.loss)
  return lost.length === 0
    ? 'Nothing was lost.'
    : `Lost: ${lost.map(([reason, count]) => `${count} ${reason}`).join(', ')}.`
}

/** What the figures of a run come to, in words. */
export function verdictOf(result: JobResult): readonly string[] {
  return [loopAgainstFrozen, estimate('precision'), estimate('recall'), lineage, loss].map((judge) => judge(result))
}

/** What must be said beside the figures. */
export const CAVEATS = [
  'The mails and their labels are real; the people who answer are simulated from the labels, as declared.',
  'Much of the drift is how the corpus was collected: spam and ham came from different sources at different times, so the share of spam falls from four in five to one in a hundred. No mailbox changes like that.',
  'Where nearly all mail is ham, “never spam” is right nearly always: read balanced accuracy, not accuracy.',
] as const
