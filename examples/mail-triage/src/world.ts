import { feedbackId, type Feedback, type TrackingId } from '@groundtrace/core'
import { seededRandom } from '@groundtrace/statistics'
import type { MailLabel } from './spam-filter-training.ts'

const HOUR = 3_600_000

/**
 * Who answers, how late and how wrongly. The only part of the main job that is simulated: the mails and their labels are
 * real, the people are not. Printed with the results.
 */
export const WORLD = {
  /** Of the mails a recipient gets to see, the share that is answered: “report spam” or “not spam”. */
  answerShare: 0.2,
  /** Of those answers, the share that is wrong. */
  answerErrorShare: 0.02,
  /** Hours from mail to answer, exponentially distributed. */
  answerMeanDelayHours: 18,
  /** Of those answers, the share sent twice (double clicks, retries). */
  doubleClickShare: 0.03,
  /** Of those answers, the share taken back and given anew. */
  changeOfMindShare: 0.02,
  /** Of those answers, the share that a second reader of the same mail gives too. */
  secondReaderShare: 0.05,
  /** Hours until an auditor has labelled a mail that was released or audited, evenly distributed. */
  auditDelayHours: [12, 72],
} as const

/** A mail as the world sees it: with its truth. */
export interface Delivered {
  readonly mailId: string
  readonly truth: MailLabel
  /** What the filter said. */
  readonly predicted: MailLabel
  readonly prediction: TrackingId
  /** Milliseconds since 1970. */
  readonly time: number
}

const other = (label: MailLabel): MailLabel => (label === 'spam' ? 'ham' : 'spam')

const exponential = (random: () => number, mean: number): number => -Math.log(1 - random()) * mean

/** What the recipients of a delivered mail say about it, if they say anything. */
export function recipientsAnswer(mail: Delivered, seed: number): readonly Feedback[] {
  const random = seededRandom(`recipient ${seed} ${mail.mailId}`)
  if (random() >= WORLD.answerShare) return []
  const delay = exponential(random, WORLD.answerMeanDelayHours * HOUR)
  const first = rating(mail, 'first', mail.time + delay, random() < WORLD.answerErrorShare)
  const answers: Feedback[] = [first]
  if (random() < WORLD.doubleClickShare) answers.push(first)
  if (random() < WORLD.changeOfMindShare)
    answers.push({ ...rating(mail, 'second-thought', first.time + HOUR, !wasWrong(first, mail)), supersedes: first.id })
  if (random() < WORLD.secondReaderShare)
    answers.push(rating(mail, 'second-reader', first.time + 2 * HOUR, random() < WORLD.answerErrorShare))
  return answers
}

const wasWrong = (answer: Feedback, { truth, predicted }: Delivered): boolean =>
  answer.kind === 'rating' && answer.right !== (truth === predicted)

function rating(mail: Delivered, key: string, time: number, mistaken: boolean): Feedback {
  const seen = mistaken ? other(mail.truth) : mail.truth
  return {
    kind: 'rating',
    right: seen === mail.predicted,
    id: feedbackId('recipient', `${mail.mailId} ${key}`),
    target: { prediction: mail.prediction },
    time: Math.round(time),
    source: 'recipient',
  }
}

/** An auditor's label of a mail that was released or audited: true, and late. */
export function auditorAnswers(mail: Delivered, seed: number): Feedback {
  const random = seededRandom(`auditor ${seed} ${mail.mailId}`)
  const [soonest, latest] = WORLD.auditDelayHours
  return {
    kind: 'annotation',
    by: 'expert',
    label: mail.truth,
    id: feedbackId('auditor', mail.mailId),
    target: { prediction: mail.prediction },
    time: Math.round(mail.time + (soonest + random() * (latest - soonest)) * HOUR),
    source: 'auditor',
  }
}
