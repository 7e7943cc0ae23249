import { describe, expect, it } from 'vitest'
import { dataSetMade, feedback, id, prediction, rated, statuses, TASKS, wholeLedger } from './fixtures.ts'
import { over, type OpenRegister } from './under-test.ts'

const personal = prediction(1, { features: { words: ['a', 'b'] }, user: 'somebody', scores: { spam: 1 } })
const comment = rated(101, 1, true, { comment: 'my own words', user: 'somebody' })
const harm = feedback(102, 1, { kind: 'harm', report: 'it insulted me' })
const orphan = rated(103, 9, true, { comment: 'too early' })

/** Erasure: payloads go, ledgers stay, and nothing that is sent again brings them back. */
export function erasureCases(open: OpenRegister): void {
  describe('erasing', () => {
    it('removes the payloads of predictions and of all feedback on them, in the pen too', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([personal, prediction(2, { user: 'another' })])
        await register.appendFeedback([comment, harm, orphan, rated(104, 1, true)])
        // One prediction, a comment, a report, a comment in the pen.
        expect(await register.erase([id(1), id(9)])).toBe(4)
        expect(await register.erase([id(1), id(9)])).toBe(0)

        expect(await register.prediction(id(1))).toEqual(prediction(1, { scores: { spam: 1 } }))
        const left = (await register.feedbackOn(id(1))).map((joined) => joined.feedback)
        expect(left).toEqual([
          rated(101, 1, true),
          expect.objectContaining({ kind: 'harm', report: '(erased)' }),
          rated(104, 1, true),
        ])
        expect((await register.feedback(id(103)))?.feedback).toEqual(rated(103, 9, true))
        expect(await wholeLedger(register, 'feedback')).toHaveLength(3)
        expect((await register.prediction(id(2)))?.user).toBe('another')
      }))

    it('leaves outcomes, lineage and counts as they were', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([personal])
        await register.appendFeedback([comment, harm])
        const made = dataSetMade('d1', [[101, 1]])
        await register.appendLineage([made])
        const { removed, ...before } = await register.totals()
        const outcomes = await register.outcomesOf(id(1))
        await register.erase([id(1)])
        expect(await register.totals()).toEqual({ ...before, removed: { ...removed, erased: 3 } })
        expect(await register.outcomesOf(id(1))).toEqual(outcomes)
        expect(await wholeLedger(register, 'lineage')).toEqual([made])
        // The join goes on over what is left.
        await register.appendFeedback([rated(105, 1, false)])
        expect((await register.outcomesOf(id(1))).at(-1)).toMatchObject({ state: 'contested' })
      }))

    it('does not bring a payload back when its line is sent again', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([personal])
        await register.appendFeedback([comment, orphan])
        await register.erase([id(1), id(9)])
        const again = await register.appendPredictions([personal, { ...personal, value: 'ham' }])
        expect(statuses(again)).toEqual(['duplicate', 'conflict'])
        expect(statuses(await register.appendFeedback([comment, orphan]))).toEqual(['duplicate', 'duplicate'])
        expect((await register.prediction(id(1)))?.features).toBeUndefined()
        expect((await register.feedback(id(101)))?.feedback).toEqual(rated(101, 1, true))
        expect((await register.feedback(id(103)))?.feedback).toEqual(rated(103, 9, true))
      }))

    it('does not give a prediction a payload that it never had', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1)])
        expect(await register.erase([id(1)])).toBe(0)
        const late = prediction(1, { features: { a: 1 } })
        expect(statuses(await register.appendPredictions([late]))).toEqual(['conflict'])
      }))

    it('takes predictions that it does not know in its stride', () =>
      over(open, TASKS, async (register) => {
        expect(await register.erase([])).toBe(0)
        expect(await register.erase([id(7)])).toBe(0)
        await expect(register.erase(['nonsense' as never])).rejects.toMatchObject({ code: 'invalid-tracking-id' })
      }))
  })
}
