import { checkedFeedback, formatTrackingId, type Feedback } from '@groundtrace/core'
import { describe, expect, test } from 'vitest'
import { auditorAnswers, recipientsAnswer, WORLD, type Delivered } from '../src/world.ts'

const MAILS = 20_000

function mail(number: number, over: Partial<Delivered> = {}): Delivered {
  const prediction = formatTrackingId({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), row: number })
  return { mailId: `mail-${number}`, truth: 'spam', predicted: 'ham', prediction, time: 0, ...over }
}

const mails = Array.from({ length: MAILS }, (_, number) => mail(number))
const answers = mails.map((one) => recipientsAnswer(one, 1))
const answered = answers.filter((list) => list.length > 0)

/** How many standard deviations of a binomial count the hits are off; chance goes beyond 5 once in 1.7 million. */
function deviations(hits: number, trials: number, share: number): number {
  return Math.abs(hits - trials * share) / Math.sqrt(trials * share * (1 - share))
}

const isRight = (answer: Feedback | undefined): boolean => answer?.kind === 'rating' && answer.right

describe('recipients', () => {
  test('answer the declared share of mails', () => {
    expect(deviations(answered.length, MAILS, WORLD.answerShare)).toBeLessThan(5)
  })

  test('are wrong in the declared share of answers: this spam passed as ham, so “right” is wrong', () => {
    expect(
      deviations(answered.filter(([first]) => isRight(first)).length, answered.length, WORLD.answerErrorShare),
    ).toBeLessThan(5)
  })

  test('answer after the declared time on average', () => {
    const hours = answered.map(([first]) => (first?.time ?? 0) / 3_600_000)
    const mean = hours.reduce((sum, value) => sum + value, 0) / hours.length
    // The standard deviation of an exponential distribution is its mean.
    expect(Math.abs(mean - WORLD.answerMeanDelayHours)).toBeLessThan(
      (5 * WORLD.answerMeanDelayHours) / Math.sqrt(hours.length),
    )
  })

  test('send the declared share twice, as the same feedback', () => {
    const twice = answered.filter(([first, second]) => second !== undefined && second.id === first?.id)
    expect(deviations(twice.length, answered.length, WORLD.doubleClickShare)).toBeLessThan(5)
    for (const [first, second] of twice) expect(second).toEqual(first)
  })

  test('change their mind in the declared share, and say so', () => {
    const changed = answered.filter(([first, ...rest]) => rest.some(({ supersedes }) => supersedes === first?.id))
    expect(deviations(changed.length, answered.length, WORLD.changeOfMindShare)).toBeLessThan(5)
  })

  test('say nothing else when asked again, and something else under another seed', () => {
    expect(mails.slice(0, 50).map((one) => recipientsAnswer(one, 1))).toEqual(answers.slice(0, 50))
    expect(mails.slice(0, 50).map((one) => recipientsAnswer(one, 2))).not.toEqual(answers.slice(0, 50))
  })

  test('say what core takes for feedback', () => {
    for (const answer of answers.flat()) expect(checkedFeedback(answer)).toBe(answer)
  })
})

describe('auditors', () => {
  test('tell the truth within the declared time', () => {
    const [soonest, latest] = WORLD.auditDelayHours
    for (const truth of ['ham', 'spam'] as const) {
      const answer = auditorAnswers(mail(1, { truth }), 1)
      expect(answer).toMatchObject({ kind: 'annotation', by: 'expert', label: truth, source: 'auditor' })
      expect(answer.time / 3_600_000).toBeGreaterThanOrEqual(soonest)
      expect(answer.time / 3_600_000).toBeLessThanOrEqual(latest)
    }
  })
})
