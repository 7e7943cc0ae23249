import {
  AUTHORITIES,
  defineTask,
  proves,
  silenceProves,
  TASK_KINDS,
  unfit,
  type Answer,
  type Feedback,
  type Prediction,
  type Proof,
  type TaskKind,
  type Value,
} from '@groundtrace/core'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answers, feedback, junk, predictions } from './arbitrary.ts'
import { rawErrorOf, refusal } from './refusal.ts'
import { CARD, id, PREDICTED, predictionOf, said, TASKS } from './spam-filter.ts'

/** A label other than what was predicted, by kind. */
const LABEL: Readonly<Record<TaskKind, Value>> = {
  binary: 'ham',
  multiclass: 'bills',
  regression: 13,
  ranking: ['b', 'a', 'c'],
  generation: 'Dear Ann',
}

type Cell = (kind: TaskKind) => Proof
const predicted: Cell = (kind) => ({ proves: 'truth', label: PREDICTED[kind], authority: 'rating', held: false })
const otherClass: Cell = () => ({ proves: 'truth', label: 'ham', authority: 'rating', held: false })
const ruledOut: Cell = (kind) => ({ proves: 'ruled-out', label: PREDICTED[kind], authority: 'rating' })
const within: Cell = () => ({ proves: 'within-tolerance', authority: 'rating' })
const outside: Cell = () => ({ proves: 'outside-tolerance', authority: 'rating' })
const preferred: Cell = () => ({ proves: 'preference', preferred: true })
const rejected: Cell = () => ({ proves: 'preference', preferred: false })
const labelBy =
  (authority: 'expert' | 'outcome' | 'crowd' | 'correction'): Cell =>
  (kind) => ({ proves: 'truth', label: LABEL[kind], authority, held: false })
const weak: Cell = (kind) => ({ proves: 'weak', label: PREDICTED[kind], weight: 0.2 })
const aggregate: Cell = () => ({ proves: 'aggregate', item: 'b' })
const exposure: Cell = () => ({ proves: 'exposure' })
const notActionable: Cell = () => ({ proves: 'nothing', reason: 'not-actionable' })
const notForThis: Cell = () => ({ proves: 'nothing', reason: 'not-for-this-task' })
const escalated: Cell = () => ({ proves: 'nothing', reason: 'escalated' })

type Line = readonly [what: string, answer: (kind: TaskKind) => Answer, ...cells: readonly Cell[]]

const RIGHT = [predicted, predicted, within, preferred, preferred] as const
// Regression: “no example”, but the prediction is known to be wrong, as it is known to be right above.
const WRONG = [otherClass, ruledOut, outside, rejected, rejected] as const
const all = (cell: Cell): readonly Cell[] => [cell, cell, cell, cell, cell]

/** “What a feedback proves” of the architecture, line by line; columns in the order of TASK_KINDS. */
const TABLE: readonly Line[] = [
  ['rated right', () => ({ kind: 'rating', right: true }), ...RIGHT],
  ['rated wrong', () => ({ kind: 'rating', right: false }), ...WRONG],
  ['one star', () => ({ kind: 'stars', stars: 1 }), ...WRONG],
  ['two stars', () => ({ kind: 'stars', stars: 2 }), ...WRONG],
  ['three stars', () => ({ kind: 'stars', stars: 3 }), ...all(notActionable)],
  ['four stars', () => ({ kind: 'stars', stars: 4 }), ...RIGHT],
  ['five stars', () => ({ kind: 'stars', stars: 5 }), ...RIGHT],
  ['a correction', (kind) => ({ kind: 'correction', label: LABEL[kind] }), ...all(labelBy('correction'))],
  ['a crowd', (kind) => ({ kind: 'annotation', by: 'crowd', label: LABEL[kind] }), ...all(labelBy('crowd'))],
  ['an expert', (kind) => ({ kind: 'annotation', by: 'expert', label: LABEL[kind] }), ...all(labelBy('expert'))],
  ['an outcome', (kind) => ({ kind: 'outcome', label: LABEL[kind] }), ...all(labelBy('outcome'))],
  ['acceptance', () => ({ kind: 'acceptance', editRate: 0.2 }), ...all(weak)],
  [
    'an action',
    () => ({ kind: 'action', action: 'click', item: 'b' }),
    aggregate,
    aggregate,
    notForThis,
    aggregate,
    aggregate,
  ],
  ['no action', () => ({ kind: 'no-action' }), exposure, exposure, notForThis, exposure, exposure],
  ['harm', () => ({ kind: 'harm', report: 'It named my child' }), ...all(escalated)],
  ['a retraction', () => ({ kind: 'retraction', retracts: id(9) }), ...all(notForThis)],
]

const CELLS = TABLE.flatMap(([what, answer, ...cells]) =>
  TASK_KINDS.map((kind, column) => [what, kind, answer(kind), cells[column]?.(kind)] as const),
)

test.each(CELLS)('%s on a %s prediction', (_, kind, answer, proof) => {
  expect(proves(predictionOf(kind), said(2, answer))).toEqual(proof)
})

describe('“wrong” of two classes', () => {
  const wrong = said(2, { kind: 'rating', right: false })

  test('is the other one, whichever was predicted', () => {
    expect(proves(predictionOf('binary', { value: 'spam' }), wrong)).toMatchObject({ proves: 'truth', label: 'ham' })
    expect(proves(predictionOf('binary', { value: 'ham' }), wrong)).toMatchObject({ proves: 'truth', label: 'spam' })
  })

  test('is known from the scores where the task declares no classes', () => {
    const task = defineTask({ name: 'spam', kind: 'binary' })
    const scores = { spam: 0.8, ham: 0.2 }
    expect(proves(predictionOf('binary', { task, scores }), wrong)).toMatchObject({ proves: 'truth', label: 'ham' })
  })

  test.each([
    ['no scores', undefined],
    ['the score of one class only', { spam: 0.8 }],
    ['scores of other classes', { a: 0.8, b: 0.2 }],
    ['scores of three classes', { spam: 0.8, ham: 0.1, eggs: 0.1 }],
  ])('only rules the predicted one out with %s', (_, scores) => {
    const task = defineTask({ name: 'spam', kind: 'binary' })
    const prediction = predictionOf('binary', scores === undefined ? { task } : { task, scores })
    expect(proves(prediction, wrong)).toEqual({ proves: 'ruled-out', label: 'spam', authority: 'rating' })
  })

  test('never gives the other class of a multiclass task, even of two classes', () => {
    const task = defineTask({ name: 'folder', kind: 'multiclass', classes: ['work', 'bills'] })
    expect(proves(predictionOf('multiclass', { task }), wrong)).toMatchObject({ proves: 'ruled-out', label: 'work' })
  })
})

describe('a source that gains from its corrections', () => {
  const task = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'], gainfulSources: ['sender'] })
  const blocked = predictionOf('binary', { task })

  test.each<Answer>([
    { kind: 'correction', label: 'ham' },
    { kind: 'rating', right: false },
    { kind: 'stars', stars: 1 },
  ])('waits for confirmation with %o', (answer) => {
    expect(proves(blocked, said(2, answer, { source: 'sender' }))).toMatchObject({ label: 'ham', held: true })
    expect(proves(blocked, said(2, answer, { source: 'recipient' }))).toMatchObject({ label: 'ham', held: false })
  })

  test.each<Answer>([
    { kind: 'rating', right: true },
    { kind: 'outcome', label: 'ham' },
    { kind: 'annotation', label: 'ham', by: 'expert' },
  ])('is believed with %o', (answer) => {
    expect(proves(blocked, said(2, answer, { source: 'sender' }))).toMatchObject({ held: false })
  })
})

describe('a label that the task can not have', () => {
  test.each([
    ['binary', 'eggs'],
    ['multiclass', 3],
    ['regression', 'many'],
    ['ranking', 'a'],
    ['generation', ['a']],
  ] as const)('proves nothing of a %s prediction: %o', (kind, label) => {
    for (const answer of [
      { kind: 'correction', label },
      { kind: 'outcome', label },
      { kind: 'annotation', label, by: 'expert' },
    ] as const) {
      const line = said(2, answer)
      expect(proves(predictionOf(kind), line)).toEqual({ proves: 'nothing', reason: 'label-unfit' })
      expect(unfit(predictionOf(kind), line)).toMatch(/^Label .+ is no value of task .+\. Send .+\.$/)
    }
  })

  test('is told the classes it may be', () => {
    const line = said(2, { kind: 'correction', label: 'eggs' })
    expect(unfit(predictionOf('binary'), line)).toBe('Label "eggs" is no value of task spam. Send one of ham, spam.')
  })

  test.each(TASK_KINDS)('is none that a %s task has, and none where nothing is labelled', (kind) => {
    expect(unfit(predictionOf(kind), said(2, { kind: 'correction', label: LABEL[kind] }))).toBeUndefined()
    expect(unfit(predictionOf(kind), said(2, { kind: 'rating', right: false }))).toBeUndefined()
  })
})

const failed = (kind: TaskKind): Prediction => {
  const { value: _, ...rest } = predictionOf(kind, { error: 'TimeoutError' })
  return rest
}

describe('a prediction that failed', () => {
  test.each(TASK_KINDS)('still learns the truth of a %s task where it is given', (kind) => {
    const line = said(2, { kind: 'outcome', label: LABEL[kind] })
    expect(proves(failed(kind), line)).toMatchObject({ proves: 'truth', label: LABEL[kind] })
  })

  test.each(TASK_KINDS)('learns nothing from what speaks of the value that a %s prediction does not have', (kind) => {
    for (const answer of [
      { kind: 'rating', right: true },
      { kind: 'rating', right: false },
    ] as const) {
      expect(proves(failed(kind), said(2, answer))).toEqual({ proves: 'nothing', reason: 'prediction-failed' })
    }
    expect(proves(failed(kind), said(2, { kind: 'acceptance' }))).toMatchObject({ reason: 'prediction-failed' })
  })
})

test('acceptance without a measured edit rate has no weight yet', () => {
  expect(proves(predictionOf('binary'), said(2, { kind: 'acceptance' }))).toMatchObject({ weight: undefined })
})

describe('silence', () => {
  test('proves the class that the task declares', () => {
    const prediction = predictionOf('binary', { task: CARD, value: 'fraud' })
    expect(silenceProves(prediction)).toEqual({ proves: 'truth', label: 'honest', authority: 'silence', held: false })
  })

  test.each(TASK_KINDS)('proves nothing of a %s task that declares none', (kind) => {
    expect(silenceProves(predictionOf(kind))).toEqual({ proves: 'nothing', reason: 'not-for-this-task' })
  })

  test('proves nothing where nobody could speak, and something where the draw let them', () => {
    const blocked = predictionOf('binary', { task: CARD, value: 'fraud', policy: { action: 'block' } })
    expect(silenceProves(blocked)).toMatchObject({ proves: 'nothing' })
    const released = { ...blocked, policy: { action: 'block', propensity: 0.1, explored: true } }
    expect(silenceProves(released)).toMatchObject({ label: 'honest' })
  })

  test('proves nothing of a member, which nobody sees, and something of what only is inside of another', () => {
    const inside = predictionOf('binary', { task: CARD, value: 'fraud', parent: id(2) })
    expect(silenceProves({ ...inside, whole: id(2) })).toEqual({ proves: 'nothing', reason: 'of-a-member' })
    expect(silenceProves(inside)).toMatchObject({ label: 'honest' })
  })
})

describe('feedback on something else is refused', () => {
  const rating: Answer = { kind: 'rating', right: true }
  const order = predictionOf('binary', { entity: 'order-7' })

  test.each([
    ['another prediction', { prediction: id(5) }],
    ['another entity', { entity: 'order-8', task: 'spam' }],
    ['another task of the entity', { entity: 'order-7', task: 'folder' }],
  ])('%s', (_, target) => {
    expect(() => proves(order, said(2, rating, { target }))).toThrow(refusal('invalid-argument', /is about/))
  })

  test('but by its own key and task it is about the prediction', () => {
    const line = said(2, rating, { target: { entity: 'order-7', task: 'spam' } })
    expect(proves(order, line)).toMatchObject({ proves: 'truth', label: 'spam' })
    expect(() => proves(predictionOf('binary'), line)).toThrow(refusal('invalid-argument', /is about "order-7"/))
  })
})

describe('over any prediction and any feedback on it', () => {
  const pairs = fc.tuple(predictions, answers).map(([prediction, answer]) => {
    return [prediction, { ...said(2, answer), target: { prediction: prediction.id } }] as const
  })

  test('what is proved is a value the task can have, on a known authority', () => {
    fc.assert(
      fc.property(pairs, ([prediction, line]) => {
        const proof = proves(prediction, line)
        const labels = 'label' in proof ? [proof.label] : []
        const authorities = 'authority' in proof ? [proof.authority] : []
        expect(labels.map((label) => unfit(prediction, said(3, { kind: 'correction', label })))).toEqual(
          labels.map(() => undefined),
        )
        expect(AUTHORITIES).toEqual(expect.arrayContaining(authorities))
      }),
    )
  })

  test('neither is changed', () => {
    fc.assert(
      fc.property(pairs, ([prediction, line]) => {
        const before = structuredClone([prediction, line])
        proves(prediction, line)
        expect([prediction, line]).toEqual(before)
      }),
    )
  })
})

test('misuse meets a typed error in every function', () => {
  fc.assert(
    fc.property(junk, junk, feedback, (a, b, line) => {
      expect(rawErrorOf(() => proves(a as Prediction, b as Feedback))).toBeUndefined()
      expect(rawErrorOf(() => proves(predictionOf('binary'), b as Feedback))).toBeUndefined()
      expect(rawErrorOf(() => proves(a as Prediction, line))).toBeUndefined()
      expect(rawErrorOf(() => unfit(a as Prediction, b as Feedback))).toBeUndefined()
      expect(rawErrorOf(() => silenceProves(a as Prediction))).toBeUndefined()
    }),
  )
  expect(() => proves(undefined as unknown as Prediction, said(2, { kind: 'no-action' }))).toThrow(
    refusal('invalid-prediction'),
  )
  expect(() => proves(predictionOf('binary'), {} as Feedback)).toThrow(refusal('invalid-feedback'))
  expect(() => silenceProves({ ...predictionOf('binary'), task: TASKS } as unknown as Prediction)).toThrow(
    refusal('invalid-prediction', /task/),
  )
})
