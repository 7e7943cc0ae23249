import type { Feedback, JoinedOutcome, Prediction, TrackingId } from '@groundtrace/core'
import { describe, expect, it } from 'vitest'
import { corrected, DAY, FRAUD, id, prediction, rated, START, statuses, TASKS, TOPIC, wholeLedger } from './fixtures.ts'
import { over, type OpenRegister } from './under-test.ts'

/** A member of prediction `whole`, right inside of `parent`. */
function member(number: number, whole: number, given: Partial<Prediction> = {}, parent = whole): Prediction {
  return prediction(number, {
    parent: id(parent),
    whole: id(whole),
    model: { name: `member-${number}`, version: 'v1' },
    ...given,
  })
}

const rowOf = (number: number, row: number): TrackingId => `${id(number)}-${row}` as TrackingId
const idsOf = (predictions: readonly Prediction[] | undefined): readonly string[] | undefined =>
  predictions?.map((one) => one.id)
const byKey = (entity: string): Feedback['target'] => ({ entity, task: 'spam' })
const lastOf = (lines: readonly JoinedOutcome[], number: number): JoinedOutcome | undefined =>
  lines.findLast((line) => line.prediction.id === id(number))

/** Predictions inside predictions: the tree is kept, a member is no prediction of its own, and no answer is lost to it. */
export function memberCases(open: OpenRegister): void {
  describe('predictions inside predictions', () => {
    it('are found by what they were made right inside of, in order of time and without payload', () =>
      over(open, TASKS, async (register) => {
        const inside = [
          member(4, 1, { features: { a: 1 }, user: 'p' }),
          member(3, 1),
          member(5, 1, {}, 3),
          prediction(6, { task: TOPIC, value: 'arts', parent: id(1) }),
        ]
        // Members are done before their whole, so they come first.
        await register.appendPredictions([...inside, prediction(1)])
        expect(await register.predictionsInside(id(1))).toEqual([member(3, 1), member(4, 1), inside[3]])
        expect(idsOf(await register.predictionsInside(id(3)))).toEqual([id(5)])
        expect(await register.predictionsInside(id(5))).toEqual([])
        expect(await register.predictionsInside(id(99))).toEqual([])
      }))

    it('of a batch are inside of its call, and of each of its rows', () =>
      over(open, TASKS, async (register) => {
        const rows = [0, 1].map((row) => prediction(1, { id: rowOf(1, row) }))
        await register.appendPredictions([...rows, member(2, 1), member(3, 1, { parent: rowOf(1, 1) })])
        expect(idsOf(await register.predictionsInside(id(1)))).toEqual([id(2)])
        expect(idsOf(await register.predictionsInside(rowOf(1, 0)))).toEqual([id(2)])
        expect(idsOf(await register.predictionsInside(rowOf(1, 1)))).toEqual([id(2), id(3)])
      }))

    it('are 100 at most, those that came first, however many there are', () =>
      over(open, TASKS, async (register) => {
        const numbers = Array.from({ length: 250 }, (_, index) => 1000 - index)
        await register.appendPredictions(numbers.map((number) => member(number, 1)))
        await register.appendPredictions([prediction(1)])
        const first = numbers.slice(0, 100).map((number) => id(number))
        expect(idsOf(await register.predictionsInside(id(1)))).toEqual(first.toReversed())
        await register.closeHorizons({ now: START + 2 * DAY })
        const line = lastOf(await wholeLedger(register, 'outcomes', 500), 1)
        expect(idsOf(line?.members)).toEqual(first.toReversed())
      }))

    it('in a circle, or of something that never comes, are kept and end in nothing', () =>
      over(open, TASKS, async (register) => {
        const circle = [member(1, 3, {}, 2), member(2, 1, {}, 3), member(3, 2, {}, 1), member(4, 99)]
        expect(statuses(await register.appendPredictions(circle))).toEqual(Array(4).fill('stored'))
        expect(statuses(await register.appendPredictions([{ ...member(5, 1), parent: id(5) }]))).toEqual(['rejected'])
        expect(idsOf(await register.predictionsInside(id(2)))).toEqual([id(1)])
        expect(await register.closeHorizons({ now: START + 2 * DAY })).toBe(4)
        const lines = await wholeLedger(register, 'outcomes')
        expect(lines.map(({ members }) => members)).toEqual(Array(4).fill(undefined))
        expect(await register.totals()).toMatchObject({ predictions: 0, members: 4, open: 0, outcomes: { expired: 0 } })
      }))
  })

  describe('a member of a whole', () => {
    it('is in no total of predictions and their outcomes, whatever is said of it', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([member(2, 1), member(3, 1), prediction(1)])
        expect(await register.totals()).toMatchObject({ predictions: 1, members: 2, open: 1 })
        await register.appendFeedback([rated(101, 2, false), rated(102, 1, true)])
        expect(await register.totals()).toMatchObject({
          predictions: 1,
          open: 0,
          outcomes: { settled: 1 },
          feedback: { stored: 2 },
        })
        await register.closeHorizons({ now: START + 2 * DAY })
        expect(await register.totals()).toMatchObject({ open: 0, outcomes: { settled: 1, expired: 0 } })
        expect(await register.outcomesOf(id(3))).toMatchObject([{ state: 'expired', phase: 'horizon' }])
        // Sent again, it counts no second time.
        await register.appendPredictions([member(2, 1), prediction(1)])
        expect(await register.totals()).toMatchObject({ predictions: 1, members: 2 })
      }))

    it('is not settled by silence, which only its whole is', () =>
      over(open, TASKS, async (register) => {
        const fraud = { task: FRAUD, value: 'fraud' }
        await register.appendPredictions([member(2, 1, fraud), prediction(1, fraud), prediction(3, fraud)])
        await register.appendFeedback([corrected(101, 1, 'fraud')])
        await register.closeHorizons({ now: START + 9 * DAY })
        expect((await register.outcomesOf(id(2))).at(-1)).toMatchObject({ state: 'expired' })
        expect((await register.outcomesOf(id(1))).at(-1)).toMatchObject({ state: 'settled', label: 'fraud' })
        expect((await register.outcomesOf(id(3))).at(-1)).toMatchObject({ state: 'settled', authority: 'silence' })
      }))

    it('stands with the outcomes of its whole, however deep it is, when it is about the same case', () =>
      over(open, TASKS, async (register) => {
        const shares = [member(2, 1), member(3, 1, {}, 2), member(4, 1, { entity: 'mail' })]
        await register.appendPredictions([
          ...shares,
          member(5, 1, { entity: 'mail/paragraph' }),
          member(6, 1, { task: FRAUD, value: 'fraud' }),
          prediction(7, { parent: id(1) }),
          prediction(1, { entity: 'mail' }),
        ])
        await register.appendFeedback([rated(101, 1, false), rated(102, 2, true)])
        const lines = await wholeLedger(register, 'outcomes')
        expect(lastOf(lines, 1)?.members).toEqual(shares)
        expect(lastOf(lines, 2)).not.toHaveProperty('members')
      }))

    it('of a batch stands with the row that has its key, and with no other', () =>
      over(open, TASKS, async (register) => {
        const rows = ['a', 'b'].map((entity, row) => prediction(1, { id: rowOf(1, row), entity }))
        await register.appendPredictions([member(2, 1, { entity: 'b' }), member(3, 1), ...rows])
        await register.closeHorizons({ now: START + 2 * DAY })
        const lines = await wholeLedger(register, 'outcomes')
        const membersOf = (row: number) => lines.find((line) => line.prediction.id === rowOf(1, row))?.members
        expect([membersOf(0), idsOf(membersOf(1))]).toEqual([undefined, [id(2)]])
      }))

    it('stands with its whole also when it came late', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1)])
        await register.appendFeedback([rated(101, 1, false)])
        await register.appendPredictions([member(2, 1)])
        expect(idsOf((await register.read('outcomes', { after: 0 })).lines[0]?.members)).toEqual([id(2)])
      }))

    it('is not meant by a business key: its whole is, whichever of them comes first', () =>
      over(open, TASKS, async (register) => {
        const said = rated(101, 9, true, { target: byKey('a') })
        await register.appendFeedback([said])
        // Of two models: without their whole nobody could say which is meant.
        await register.appendPredictions([member(2, 1, { entity: 'a' }), member(3, 1, { entity: 'a' })])
        expect((await register.feedback(id(101)))?.status).toBe('orphaned')
        await register.appendPredictions([prediction(1, { entity: 'a' })])
        expect((await register.feedback(id(101)))?.prediction?.id).toBe(id(1))
        const later = rated(102, 9, true, { target: byKey('a'), time: START + DAY / 2 })
        expect(statuses(await register.appendFeedback([later]))).toEqual(['stored'])
        expect((await register.feedback(id(102)))?.prediction?.id).toBe(id(1))
      }))

    it('takes what is said of it by its own ID', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([member(2, 1), prediction(1)])
        await register.appendFeedback([corrected(101, 2, 'ham')])
        expect(await register.outcomesOf(id(2))).toMatchObject([{ label: 'ham', correct: false }])
        expect(await register.outcomesOf(id(1))).toEqual([])
      }))
  })
}
