import type { Count, Feedback, JoinedOutcome, Prediction } from '@groundtrace/core'
import { DAY, feedback, FRAUD, prediction, PRICE, SPAM, START, TOPIC } from '../../src/testing/fixtures.ts'
import { below, pick, seeded, shuffled, type Random } from '../../src/testing/random-world.ts'

const PREDICTIONS = 60
const LINES = 240
/** Feedback is numbered from here. */
const FIRST = 10_000
/** About predictions that never come. */
const ORPHANS = 5

const KINDS = [
  { task: SPAM, value: 'spam', labels: ['ham', 'spam'] },
  { task: FRAUD, value: 'fraud', labels: ['honest', 'fraud'] },
  { task: TOPIC, value: 'arts', labels: ['sport', 'arts', 'trade'] },
  { task: PRICE, value: 10, labels: [12, 40] },
] as const

export interface ContendedWorld {
  readonly predictions: readonly Prediction[]
  readonly feedback: readonly Feedback[]
}

const kindOf = (about: number) => KINDS.find((_, index) => index === about % KINDS.length) ?? KINDS[0]

/** All of one mind, so that whatever takes a line back may do so: what is stored depends on no order of arrival. */
function said(random: Random, number: number, about: number, earlier: readonly Feedback[]): Feedback {
  const { task, labels } = kindOf(about)
  const answers = [
    { kind: 'rating', right: random() < 0.5 },
    { kind: 'correction', label: pick<string | number>(random, labels) },
    {
      kind: 'annotation',
      label: pick<string | number>(random, labels),
      by: pick(random, ['crowd', 'expert'] as const),
    },
    { kind: 'outcome', label: pick<string | number>(random, labels) },
    { kind: 'action', action: 'click' },
    { kind: 'harm', report: 'it insults', comment: 'much' },
  ] as const
  const taken = earlier.length > 0 && random() < 0.4 ? pick(random, earlier).id : undefined
  const retracts = taken !== undefined && random() < 0.5
  const answer = retracts ? ({ kind: 'retraction', retracts: taken } as const) : pick(random, answers)
  return feedback(FIRST + number, about, {
    ...answer,
    source: random() < 0.1 ? 'sender' : 'recipient',
    user: 'someone',
    time: START + 5 * DAY + number * 1000,
    ...(taken === undefined || retracts ? {} : { supersedes: taken }),
    ...(random() < 0.3 ? { target: { entity: `entity-${about}`, task: task.name } } : {}),
  })
}

/** Predictions, and what is said about them, of which nothing is refused in whatever order it comes. */
export function contendedWorld(seed: number): ContendedWorld {
  const random = seeded(seed)
  const predictions = Array.from({ length: PREDICTIONS }, (_, index) =>
    prediction(index + 1, {
      task: kindOf(index + 1).task,
      value: kindOf(index + 1).value,
      time: START + random() * 3 * DAY,
      entity: `entity-${index + 1}`,
      features: { index },
      model: { name: 'model', version: pick(random, ['v1', 'v2', 'v3']) },
    }),
  )
  const lines: Feedback[] = []
  const bySource = new Map<string, Feedback[]>()
  for (let number = 0; number < LINES; number += 1) {
    const about = 1 + below(random, PREDICTIONS + ORPHANS)
    const line = said(random, number, about, [])
    const kin = bySource.get(`${about} ${line.source}`) ?? []
    const takes = { ...said(random, number, about, kin), source: line.source } as Feedback
    lines.push(takes)
    bySource.set(`${about} ${line.source}`, [...kin, takes])
  }
  return { predictions, feedback: lines }
}

export type Batch = { readonly predictions: readonly Prediction[] } | { readonly feedback: readonly Feedback[] }

/** Everything, in an order of its own and in calls of a few lines. */
export function batchesOf({ predictions, feedback }: ContendedWorld, random: Random): readonly Batch[] {
  const split = <T>(lines: readonly T[]): readonly (readonly T[])[] => {
    const left = [...shuffled(random, lines)]
    const batches: T[][] = []
    while (left.length > 0) batches.push(left.splice(0, 1 + below(random, 12)))
    return batches
  }
  return shuffled<Batch>(random, [
    ...split(predictions).map((predictions) => ({ predictions })),
    ...split(feedback).map((feedback) => ({ feedback })),
  ])
}

/** How many predictions are in each state: what a line replaces is counted down, so the sum is that of the latest ones. */
export const byLatestState = (lines: readonly JoinedOutcome[]): readonly Count[] =>
  lines.flatMap(({ outcome, prediction }) => {
    const count = (state: string, value: number): Count => ({
      name: 'latest',
      labels: { task: prediction.task.name, state },
      value,
    })
    return [count(outcome.state, 1), ...(outcome.replaces === undefined ? [] : [count(outcome.replaces.state, -1)])]
  })
