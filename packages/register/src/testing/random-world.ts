import type { Answer, Feedback, Prediction, TrackingId } from '@groundtrace/core'
import { DAY, feedback, FRAUD, id, prediction, PRICE, SPAM, START, TOPIC } from './fixtures.ts'

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export type Random = () => number

export function seeded(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export const below = (random: Random, limit: number): number => Math.floor(random() * limit)
export const pick = <T>(random: Random, items: readonly T[]): T => items[below(random, items.length)] as T

export function shuffled<T>(random: Random, items: readonly T[]): readonly T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}

/** Predictions, and all that was said about them: some of it twice, taken back, unfit, or about nothing that ever comes. */
export interface World {
  readonly predictions: readonly Prediction[]
  readonly feedback: readonly Feedback[]
}

const PREDICTIONS = 12
const LINES = 60
const KINDS = [
  { task: SPAM, value: 'spam', labels: ['ham', 'spam', 'eggs'] },
  { task: FRAUD, value: 'fraud', labels: ['honest', 'fraud', 'eggs'] },
  { task: TOPIC, value: 'arts', labels: ['sport', 'arts', 'eggs'] },
  { task: PRICE, value: 10, labels: [12, 40] },
] as const
const SOURCES = ['recipient', 'sender', 'auditor']
const USERS = [undefined, 'alice', 'bob']

function randomPrediction(random: Random, number: number): Prediction {
  const { task, value } = pick(random, KINDS)
  return prediction(number, {
    task,
    value,
    time: START + random() * 3 * DAY,
    entity: `entity-${number}`,
    model: { name: 'model', version: pick(random, ['v1', 'v2']) },
    ...(random() < 0.2 ? { policy: { action: 'block' } } : {}),
  })
}

function randomAnswer(random: Random, labels: readonly (string | number)[], earlier: TrackingId | undefined): Answer {
  const answers: readonly (() => Answer)[] = [
    () => ({ kind: 'rating', right: random() < 0.5 }),
    () => ({ kind: 'stars', stars: pick(random, [1, 3, 5] as const) }),
    () => ({ kind: 'correction', label: pick(random, labels) }),
    () => ({ kind: 'annotation', label: pick(random, labels), by: pick(random, ['crowd', 'expert'] as const) }),
    () => ({ kind: 'outcome', label: pick(random, labels) }),
    () => ({ kind: 'acceptance' }),
    () => ({ kind: 'action', action: 'click' }),
    () => ({ kind: 'harm', report: 'it insults' }),
    () => (earlier === undefined ? { kind: 'no-action' } : { kind: 'retraction', retracts: earlier }),
  ]
  return pick(random, answers)()
}

/** About one more prediction than there are, so that some feedback waits for ever. */
function randomFeedback(random: Random, number: number, world: World): Feedback {
  const about = 1 + below(random, PREDICTIONS + 1)
  const subject = world.predictions[about - 1]
  const kind = KINDS.find(({ task }) => task === subject?.task) ?? KINDS[0]
  const said = world.feedback.filter((line) => line.source !== '' && isAbout(line, about))
  const earlier = said.length === 0 || random() < 0.4 ? undefined : pick(random, said)
  const answer = randomAnswer(random, kind.labels, earlier?.id)
  const byKey = random() < 0.3
  const user = pick(random, USERS)
  const supersedes = earlier !== undefined && answer.kind !== 'retraction' && random() < 0.5
  return feedback(number, about, {
    ...answer,
    source: earlier !== undefined && random() < 0.8 ? earlier.source : pick(random, SOURCES),
    time: START + 4 * DAY + random() * 10 * DAY,
    ...(user === undefined ? {} : { user }),
    ...(supersedes ? { supersedes: earlier.id } : {}),
    ...(byKey ? { target: { entity: `entity-${about}`, task: kind.task.name } } : {}),
  })
}

/** Whether a feedback means the prediction of this number. */
export function isAbout({ target }: Feedback, number: number): boolean {
  return 'prediction' in target ? target.prediction === id(number) : target.entity === `entity-${number}`
}

export function randomWorld(random: Random): World {
  const predictions = Array.from({ length: PREDICTIONS }, (_, index) => randomPrediction(random, index + 1))
  const lines: Feedback[] = []
  for (let number = 0; number < LINES; number += 1) {
    lines.push(randomFeedback(random, 101 + number, { predictions, feedback: lines }))
  }
  return { predictions, feedback: lines }
}

/** What a register is told, in any order; every tenth line twice. */
export type Step =
  | { readonly predictions: readonly Prediction[] }
  | { readonly feedback: readonly Feedback[] }
  | { readonly now: number; readonly limit: number }

export function randomSteps(random: Random, world: World): readonly Step[] {
  const again = <T>(lines: readonly T[]): readonly T[] => [...lines, ...lines.filter(() => random() < 0.1)]
  const batches = <T>(lines: readonly T[]): readonly (readonly T[])[] => {
    const batches: T[][] = []
    for (const line of shuffled(random, again(lines))) {
      const last = batches.at(-1)
      if (last === undefined || random() < 0.5) batches.push([line])
      else last.push(line)
    }
    return batches
  }
  return shuffled(random, [
    ...batches(world.predictions).map((predictions) => ({ predictions })),
    ...batches(world.feedback).map((feedback) => ({ feedback })),
    ...Array.from({ length: 8 }, () => ({ now: START + random() * 20 * DAY, limit: 1 + below(random, 4) })),
  ])
}
