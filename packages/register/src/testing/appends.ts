import { defineTask, trackingId, type Policy, type Prediction, type TrackingId } from '@groundtrace/core'
import { describe, expect, it } from 'vitest'
import {
  corrected,
  dataSetMade,
  feedback,
  id,
  PRICE,
  prediction,
  RANKING,
  rated,
  REPLY,
  START,
  statuses,
  TASKS,
  TOPIC,
  wholeLedger,
} from './fixtures.ts'
import { over, type OpenRegister } from './under-test.ts'

const HOSTILE = [
  `'); DROP TABLE predictions; --`,
  `" OR ""="`,
  "\\'; SELECT 1; \u{1F600} \u202e",
  '%s ?1 :id @id $id',
  '{"$ne": null}',
]

/** Every field that a prediction can have. */
const whole: Prediction = prediction(1, {
  time: START + 0.125,
  scores: { ham: 0.1, spam: 1 / 3 },
  features: {
    text: 'a "quoted" word \u{1F600} and \u0000',
    number: -1.5e-300,
    truth: false,
    texts: ['', 'b'],
    truths: [true, false],
    whole: Array.from({ length: 40 }, (_, index) => index - 20),
    real: Array.from({ length: 40 }, (_, index) => Math.sqrt(index) / 3),
    extremes: [Number.MAX_VALUE, Number.MIN_VALUE, -0.1, ...Array.from({ length: 20 }, () => 1 / 3)],
    none: [],
  },
  slices: { language: 'en', 'device type': 'phone' },
  entity: 'order-1',
  user: 'pseudonym',
  policy: { variant: 'b', action: 'block', propensity: 0.25, explored: true },
  latencySeconds: 0.0123,
  parent: id(99),
  whole: id(98),
})

const row = (index: number): TrackingId => trackingId(`${id(7, 5)}-${index}`)

/** A prediction that failed has no value. */
const failed: Prediction = {
  id: id(5),
  task: TOPIC,
  model: { name: 'topics', version: 'v1' },
  time: START,
  error: 'TimeoutError',
}

/** Appending: once each, whatever is sent again, and nothing bad harms what is beside it. */
export function appendCases(open: OpenRegister): void {
  describe('appending', () => {
    it('gives a prediction back as it came, field by field', () =>
      over(open, TASKS, async (register) => {
        const sent = [
          whole,
          prediction(2, { task: PRICE, value: -0.1 }),
          prediction(3, { task: RANKING, value: ['b', 'a'] }),
          prediction(4, { task: REPLY, value: 'line\nline \u0000 \u{1F600}' }),
          failed,
        ]
        expect(statuses(await register.appendPredictions(sent))).toEqual(Array(5).fill('stored'))
        for (const line of sent) expect(await register.prediction(line.id)).toEqual(line)
        expect(await wholeLedger(register, 'predictions')).toEqual(sent)
      }))

    it('keeps no field that a line does not have, so that an erasure leaves nothing', () =>
      over(open, TASKS, async (register) => {
        const email = 'bob@example.com'
        const more = (line: object): never => ({ ...line, email }) as never
        for (const expected of ['stored', 'duplicate']) {
          const policy = { action: 'pass', email } as Policy
          expect(statuses(await register.appendPredictions([more(prediction(1, { policy }))]))).toEqual([expected])
          expect(statuses(await register.appendFeedback([more(rated(101, 1, true))]))).toEqual([expected])
          expect(statuses(await register.appendLineage([more(dataSetMade('d1', [[101, 1]]))]))).toEqual([expected])
        }
        const kept = [await register.prediction(id(1)), await register.feedbackOn(id(1)), await register.dataSet('d1')]
        expect(JSON.stringify(kept)).not.toContain(email)
      }))

    it('settles what was said before the task had classes', () =>
      over(open, [], async (register) => {
        const early = defineTask({ name: 'early', kind: 'multiclass' })
        await register.appendPredictions([prediction(1, { task: early, value: 'unknown' })])
        const declared = defineTask({ name: 'early', kind: 'multiclass', classes: ['a', 'b'] })
        await register.appendPredictions([prediction(2, { task: declared, value: 'a' })])
        expect(statuses(await register.appendFeedback([rated(101, 1, true), rated(102, 2, true)]))).toEqual([
          'stored',
          'stored',
        ])
        expect(await register.closeHorizons({ now: 8.64e15 })).toBe(2)
        expect((await register.outcomesOf(id(1))).at(-1)).toMatchObject({
          state: 'settled',
          label: 'unknown',
          correct: true,
        })
      }))

    it('answers an empty call with no receipts', () =>
      over(open, TASKS, async (register) => {
        expect(await register.appendPredictions([])).toEqual([])
        expect(await register.appendFeedback([])).toEqual([])
        expect(await register.appendLineage([])).toEqual([])
      }))

    it('takes the same line again as a duplicate that changes nothing, whatever the order of its keys', () =>
      over(open, TASKS, async (register) => {
        const reordered = Object.fromEntries(Object.entries(whole).reverse()) as unknown as Prediction
        const receipts = await register.appendPredictions([whole, whole])
        expect(statuses(receipts)).toEqual(['stored', 'duplicate'])
        expect(statuses(await register.appendPredictions([reordered]))).toEqual(['duplicate'])
        expect(await register.totals()).toMatchObject({ predictions: 0, members: 1 })
        expect(await register.versions()).toEqual([{ model: 'filter', version: 'v1', predictions: 1 }])
        expect(await wholeLedger(register, 'predictions')).toHaveLength(1)

        const said = rated(101, 1, false, { comment: 'no', user: 'u' })
        expect(statuses(await register.appendFeedback([said, said]))).toEqual(['stored', 'duplicate'])
        expect(statuses(await register.appendFeedback([said]))).toEqual(['duplicate'])
        expect(await wholeLedger(register, 'feedback')).toHaveLength(1)
        expect(await register.outcomesOf(id(1))).toHaveLength(1)

        const made = dataSetMade('d1', [[101, 1]])
        expect(statuses(await register.appendLineage([made, made]))).toEqual(['stored', 'duplicate'])
        expect((await register.totals()).feedback).toMatchObject({ stored: 1, duplicate: 2, conflict: 0 })
      }))

    it('keeps the first of two lines with one ID and other content, and says so', () =>
      over(open, TASKS, async (register) => {
        const others: Prediction[] = [
          { ...whole, value: 'ham' },
          { ...whole, time: START },
          { ...whole, features: { ...whole.features, number: 2 } },
          { ...whole, user: 'another' },
          { ...whole, model: { name: 'filter', version: 'v2' } },
          { ...whole, task: TOPIC, value: 'arts' },
          Object.fromEntries(Object.entries(whole).filter(([key]) => key !== 'features')) as unknown as Prediction,
        ]
        await register.appendPredictions([whole])
        const receipts = await register.appendPredictions(others)
        expect(statuses(receipts)).toEqual(others.map(() => 'conflict'))
        for (const receipt of receipts) expect(receipt.reason).toMatch(/\. .+\.$/)
        expect(await register.prediction(id(1))).toEqual(whole)
        expect(await register.versions()).toEqual([{ model: 'filter', version: 'v1', predictions: 1 }])

        const said = rated(101, 1, false)
        const orphan = rated(102, 9, false)
        await register.appendFeedback([said, orphan])
        const conflicts = await register.appendFeedback([
          { ...said, comment: 'more' },
          corrected(101, 1, 'ham'),
          { ...said, target: { prediction: id(9) } },
          { ...orphan, comment: 'more' },
          { ...orphan, target: { prediction: id(1) } },
          corrected(101, 1, 'no class at all'),
        ])
        expect(statuses(conflicts)).toEqual(Array(6).fill('conflict'))
        expect((await register.feedback(id(101)))?.feedback).toEqual(said)
        expect((await register.feedback(id(102)))?.feedback).toEqual(orphan)
        expect((await register.totals()).feedback).toMatchObject({ stored: 1, orphaned: 1, conflict: 6 })

        await register.appendLineage([dataSetMade('d1', [[101, 1]])])
        const lines = [dataSetMade('d1', []), { ...dataSetMade('d1', [[101, 1]]), id: 'another' }]
        expect(statuses(await register.appendLineage(lines))).toEqual(['conflict', 'conflict'])
        expect((await register.dataSet('d1'))?.members).toHaveLength(1)
      }))

    it('knows a feedback again after it left the pen', () =>
      over(open, TASKS, async (register) => {
        const said = rated(101, 1, true, { comment: 'yes' })
        expect(statuses(await register.appendFeedback([said, said]))).toEqual(['orphaned', 'duplicate'])
        await register.appendPredictions([prediction(1)])
        const again = await register.appendFeedback([said, { ...said, comment: 'no' }])
        expect(statuses(again)).toEqual(['duplicate', 'conflict'])
        expect((await register.totals()).feedback).toMatchObject({ stored: 1, orphaned: 0, duplicate: 2, conflict: 1 })
      }))

    it('takes every text as text', () =>
      over(open, TASKS, async (register) => {
        const lines = HOSTILE.map((text, index) =>
          prediction(index + 1, {
            entity: text,
            user: text,
            error: text,
            features: { [text]: text },
            slices: { [text]: text },
            scores: { [text]: 1 },
            policy: { variant: text, action: text },
          }),
        )
        expect(statuses(await register.appendPredictions(lines))).toEqual(HOSTILE.map(() => 'stored'))
        const said = HOSTILE.map((text, index) =>
          feedback(101 + index, 1, {
            kind: 'harm',
            report: text,
            comment: text,
            user: text,
            target: { entity: text, task: 'spam' },
          }),
        )
        expect(statuses(await register.appendFeedback(said))).toEqual(HOSTILE.map(() => 'stored'))
        for (const [index, line] of lines.entries()) {
          expect(await register.prediction(line.id)).toEqual(line)
          expect((await register.feedbackOn(line.id)).map((joined) => joined.feedback)).toEqual([said[index]])
        }
      }))

    it('finds the predictions of a trace, in order of time, and no others', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([
          prediction(1, { id: id(3, 5), time: START + 3 }),
          prediction(1, { id: row(1), time: START + 2 }),
          prediction(1, { id: row(0), time: START + 1 }),
          prediction(1, { id: id(1, 6) }),
          prediction(1, { id: id(1, 4) }),
        ])
        const trace = id(3, 5).slice(0, 32)
        expect(await register.predictionsOfTrace(trace)).toEqual([row(0), row(1), id(3, 5)])
        expect(await register.predictionsOfTrace('f'.repeat(32))).toEqual([])
      }))
  })
}
