import type { JobResult } from './result.ts'
import type { SpamShare } from './spam-share.ts'
import { COLD_START } from './settings.ts'
import { count, percent, percentInterval, points } from './words.ts'
import { WORLD } from './world.ts'

type Judge = (result: JobResult) => string

const within = (value: number | null, interval: readonly [number, number] | null): boolean =>
  value !== null && interval !== null && value >= interval[0] && value <= interval[1]

const loopAgainstFrozen: Judge = ({ models: { filter } }) => {
  const [loop, frozen] = [filter.loop.balancedAccuracy, filter.frozen.balancedAccuracy]
  if (loop === null || frozen === null) return 'Whether the loop helped is not known: one class never came.'
  const [better, figures] = [loop > frozen, `${percent(loop)} against ${percent(frozen)} of balanced accuracy`]
  return better
    ? `The closed loop beat the frozen first version on the very same mails: ${figures}, ${points(loop, frozen)} more.`
    : `The closed loop did not beat the frozen first version on the very same mails: ${figures}.`
}

const estimate =
  (figure: 'precision' | 'recall'): Judge =>
  ({ models: { filter } }) => {
    const { naive, estimated, actual } = filter.holdout
    const { value, interval } = estimated[figure]
    const said = `The live filter’s ${figure} is ${percent(actual[figure])}. A naive monitor, which counts the answers that came in, sees ${percent(naive[figure])}`
    if (value === null) return `${said}; the holdout says nothing of it: too little was revealed.`
    const held = within(actual[figure], interval) ? 'holds' : 'misses'
    return `${said}; the holdout estimates ${percent(value)}, and its 95 % interval, ${percentInterval(interval)}, ${held} the truth.`
  }

const accuracy: Judge = ({ models: { filter } }) => {
  const [naive, actual] = [filter.holdout.naive.accuracy, filter.loop.accuracy]
  if (naive === null || actual === null) return 'Nobody answered, so a naive monitor sees no accuracy at all.'
  return `Of its accuracy, ${percent(actual)}, the naive monitor sees ${percent(naive)}: it is off by ${points(naive, actual)}.`
}

const lineage: Judge = ({ lineage: { checked, broken } }) =>
  broken === 0
    ? `All ${count(checked)} examples lead back to their feedback, prediction and span.`
    : `${count(broken)} of ${count(checked)} examples do not lead back to where they came from.`

const loss: Judge = (result) => {
  const lost = Object.entries(result.loss)
  return lost.length === 0
    ? 'Nothing was lost.'
    : `Lost: ${lost.map(([reason, lines]) => `${count(lines)} ${reason}`).join(', ')}.`
}

/** What the figures of a run come to, in words. */
export function verdictOf(result: JobResult): readonly string[] {
  return [loopAgainstFrozen, estimate('precision'), estimate('recall'), accuracy, lineage, loss].map((judge) =>
    judge(result),
  )
}

const shareOf = ({ mails, spam }: SpamShare): string => percent(mails === 0 ? undefined : spam / mails, 0)

/** The shift of the share of spam, in words. */
function shift({ data }: JobResult): string {
  const [first, ...months] = data.spam
  const start = first === undefined ? '' : `${shareOf(first)} in the first ${count(first.mails)} mails`
  const then = months.map((month) => `${shareOf(month)} in ${month.period}`)
  return [start, ...then].join(', ')
}

/** A share that was declared, not measured. */
const share = (of: number): string => percent(of, 0)

/** The simulated people, as declared. */
function worldInWords(): string {
  const [soonest, latest] = WORLD.auditDelayHours
  return [
    `${share(WORLD.answerShare)} of the mails that somebody sees are answered, after ${WORLD.answerMeanDelayHours} hours on average;`,
    `${share(WORLD.answerErrorShare)} of the answers are wrong, ${share(WORLD.doubleClickShare)} are sent twice, ${share(WORLD.changeOfMindShare)} are changed,`,
    `${share(WORLD.secondReaderShare)} are joined by a second reader’s. Auditors answer truly within ${soonest} to ${latest} hours.`,
  ].join(' ')
}

/** What must be said beside the figures. */
export function caveatsOf(result: JobResult): readonly string[] {
  return [
    `The mails and their labels are real; the people who answer are simulated from the labels. ${worldInWords()}`,
    `Much of the drift is how the corpus was collected: spam and ham came from different sources at different times. The share of spam is ${shift(result)}. No mailbox changes like that.`,
    'Where nearly all mail is ham, “never spam” is right nearly always: read balanced accuracy, not accuracy.',
    `The first ${count(COLD_START.mails)} mails are no part of any figure of quality: they train the first version.`,
  ]
}
