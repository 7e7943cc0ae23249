import type { Feedback } from '@groundtrace/core'
import { describe, expect, it } from 'vitest'
import { corrected, FRAUD, id, prediction, rated, retraction, START, statuses, TASKS } from './fixtures.ts'
import { over, type OpenRegister } from './under-test.ts'

const MINUTE = 60_000
const target = (entity: string, task = 'spam'): Feedback['target'] => ({ entity, task })

/** The join by business key: the latest prediction of the named task with that entity, not after the feedback. */
export function businessKeyCases(open: OpenRegister): void {
  describe('joining by business key', () => {
    it('means the latest prediction of the task that is not after the feedback', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([
          prediction(3, { entity: 'a' }),
          prediction(1, { entity: 'a' }),
          prediction(2, { entity: 'a', model: { name: 'filter', version: 'v2' } }),
          prediction(4, { entity: 'b' }),
          prediction(5, { entity: 'a', task: FRAUD, value: 'fraud' }),
        ])
        const said = [
          rated(101, 9, true, { target: target('a'), time: START + 2.5 * MINUTE }),
          rated(102, 9, true, { target: target('a'), time: START + 3 * MINUTE }),
          rated(103, 9, true, { target: target('a'), time: START + 100 * MINUTE }),
          rated(104, 9, true, { target: target('a', 'fraud'), time: START + 100 * MINUTE }),
        ]
        expect(statuses(await register.appendFeedback(said))).toEqual(Array(4).fill('stored'))
        const about = await Promise.all(said.map((line) => register.feedback(line.id)))
        expect(about.map((joined) => joined?.prediction?.id)).toEqual([id(2), id(3), id(3), id(5)])
      }))

    it('waits for a prediction with that key, and not for one after it or of another task', () =>
      over(open, TASKS, async (register) => {
        const chargeback = corrected(101, 9, 'ham', { target: target('a'), time: START + 5 * MINUTE })
        expect(statuses(await register.appendFeedback([chargeback]))).toEqual(['orphaned'])
        await register.appendPredictions([
          prediction(6, { entity: 'a' }),
          prediction(1, { entity: 'b' }),
          prediction(2, { entity: 'a', task: FRAUD, value: 'fraud' }),
          prediction(3),
        ])
        expect((await register.feedback(id(101)))?.status).toBe('orphaned')
        await register.appendPredictions([prediction(4, { entity: 'a' }), prediction(5, { entity: 'a' })])
        expect((await register.feedback(id(101)))?.prediction?.id).toBe(id(5))
        expect(await register.outcomesOf(id(5))).toMatchObject([{ label: 'ham' }])
      }))

    it('rejects what could mean several models, and names them', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([
          prediction(1, { entity: 'a' }),
          prediction(2, { entity: 'a', model: { name: 'challenger', version: 'v1' } }),
        ])
        const [receipt] = await register.appendFeedback([rated(101, 9, true, { target: target('a') })])
        expect(receipt?.status).toBe('rejected')
        expect(receipt?.reason).toMatch(/challenger.*filter/)
        // Before the challenger's only one model could be meant.
        const early = rated(102, 9, true, { target: target('a'), time: START + 1.5 * MINUTE })
        expect(statuses(await register.appendFeedback([early]))).toEqual(['stored'])
      }))

    it('looks at the 100 latest with the key, however many there are, by however many versions', () =>
      over(open, TASKS, async (register) => {
        const times = Array.from({ length: 250 }, (_, index) => index + 1)
        await register.appendPredictions([
          prediction(300, { entity: 'a', time: START, model: { name: 'retired', version: 'v1' } }),
          ...times.map((number) =>
            prediction(number, { entity: 'a', model: { name: 'filter', version: `v${number}` }, time: START + number }),
          ),
        ])
        const said = [
          rated(401, 9, true, { target: target('a'), time: START + 250 }),
          rated(402, 9, true, { target: target('a'), time: START + 100 }),
          rated(403, 9, true, { target: target('a'), time: START + 99 }),
        ]
        expect(statuses(await register.appendFeedback(said))).toEqual(['stored', 'stored', 'rejected'])
        expect((await register.feedback(id(401)))?.prediction?.id).toBe(id(250))
        expect((await register.feedback(id(402)))?.prediction?.id).toBe(id(100))
      }))

    it('rejects an orphan that could mean several models when they come', () =>
      over(open, TASKS, async (register) => {
        await register.appendFeedback([rated(101, 9, true, { target: target('a') })])
        await register.appendPredictions([
          prediction(1, { entity: 'a' }),
          prediction(2, { entity: 'a', model: { name: 'challenger', version: 'v1' } }),
        ])
        expect(await register.feedback(id(101))).toBeUndefined()
        expect((await register.totals()).feedback).toMatchObject({ stored: 0, orphaned: 0, rejected: 1 })
      }))

    it('takes back where it was said, although a newer prediction has the key', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1, { entity: 'a' })])
        await register.appendFeedback([rated(101, 9, false, { target: target('a') })])
        await register.appendPredictions([prediction(70, { entity: 'a', time: START + 70 * MINUTE })])
        const back = retraction(120, 9, 101, { target: target('a') })
        expect(statuses(await register.appendFeedback([back]))).toEqual(['stored'])
        expect((await register.outcomesOf(id(1))).at(-1)).toMatchObject({ state: 'retracted' })
        expect(await register.feedbackOn(id(70))).toEqual([])
      }))

    it('takes back what comes later, wherever that would have gone', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([
          prediction(1, { entity: 'a' }),
          prediction(70, { entity: 'a', time: START + 70 * MINUTE }),
        ])
        const first = rated(101, 9, false, { target: target('a'), time: START + 2 * MINUTE })
        const back = retraction(120, 9, 101, { target: target('a'), time: START + 200 * MINUTE })
        await register.appendFeedback([back, first])
        for (const about of [1, 70]) {
          const outcome = (await register.outcomesOf(id(about))).at(-1)
          expect([undefined, 'retracted']).toContain(outcome?.state)
        }
        expect((await register.totals()).outcomes.settled).toBe(0)
      }))

    it('waits with what it takes back, when that waits for another prediction', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1, { entity: 'a' })])
        await register.appendFeedback([rated(101, 2, false)])
        const back = retraction(102, 9, 101, { target: target('a') })
        expect(statuses(await register.appendFeedback([back]))).toEqual(['orphaned'])
        await register.appendPredictions([prediction(2, { entity: 'a' })])
        expect((await register.feedback(id(102)))?.prediction?.id).toBe(id(2))
        expect((await register.outcomesOf(id(2))).at(-1)).toMatchObject({ state: 'retracted' })
      }))

    it('finds a place for what waits, where the line stands that takes it back', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1, { entity: 'a' })])
        // Its clock is behind, so its key alone leads nowhere.
        await register.appendFeedback([rated(101, 9, false, { target: target('a'), time: START })])
        expect((await register.totals()).feedback.orphaned).toBe(1)
        await register.appendFeedback([rated(102, 1, true, { supersedes: id(101) })])
        expect(await register.totals()).toMatchObject({ feedback: { stored: 2, orphaned: 0 } })
        expect((await register.outcomesOf(id(1))).at(-1)).toMatchObject({ label: 'spam', evidence: [id(102)] })
      }))

    it('takes back out of the pen, whichever comes first', () =>
      over(open, TASKS, async (register) => {
        // The retraction's clock is behind, so its key alone leads nowhere.
        const back = retraction(102, 9, 101, { target: target('a'), time: START })
        expect(statuses(await register.appendFeedback([back]))).toEqual(['orphaned'])
        await register.appendPredictions([prediction(1, { entity: 'a' })])
        await register.appendFeedback([rated(101, 1, false)])
        expect((await register.outcomesOf(id(1))).at(-1)).toMatchObject({ state: 'retracted' })
        expect((await register.totals()).feedback).toMatchObject({ stored: 2, orphaned: 0 })
      }))
  })
}
