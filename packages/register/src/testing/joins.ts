import { defineTask, MAX_CLOCK_SKEW_MS, type Feedback } from '@groundtrace/core'
import { describe, expect, it } from 'vitest'
import {
  corrected,
  DAY,
  feedback,
  id,
  prediction,
  rated,
  SPAM,
  START,
  statuses,
  TASKS,
  wholeLedger,
} from './fixtures.ts'
import { over, type OpenRegister } from './under-test.ts'

/** The join by tracking ID: feedback after, before and without its prediction. */
export function joinCases(open: OpenRegister): void {
  describe('joining', () => {
    it('joins feedback that comes after its prediction', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1, { features: { a: 1 }, user: 'u' })])
        const said = rated(101, 1, false)
        expect(statuses(await register.appendFeedback([said]))).toEqual(['stored'])
        // A binary “wrong” proves the other class (the table “What a feedback proves”).
        expect(await register.outcomesOf(id(1))).toEqual([
          {
            state: 'settled',
            label: 'ham',
            correct: false,
            authority: 'rating',
            prediction: id(1),
            version: 1,
            phase: 'early',
            evidence: [id(101)],
            time: said.time,
          },
        ])
        const joined = { feedback: said, status: 'stored', prediction: prediction(1) }
        expect(await register.feedback(id(101))).toEqual(joined)
        expect(await register.feedbackOn(id(1))).toEqual([joined])
      }))

    it('keeps feedback that comes before its prediction, and joins it in the call that brings that', () =>
      over(open, TASKS, async (register) => {
        const early = rated(101, 1, true)
        expect(statuses(await register.appendFeedback([early]))).toEqual(['orphaned'])
        expect(await register.feedback(id(101))).toEqual({ feedback: early, status: 'orphaned' })
        expect(await register.feedbackOn(id(1))).toEqual([])
        expect(await wholeLedger(register, 'feedback')).toEqual([])
        await register.appendPredictions([prediction(2)])
        expect((await register.totals()).feedback.orphaned).toBe(1)

        await register.appendPredictions([prediction(3), prediction(1)])
        expect(await register.outcomesOf(id(1))).toMatchObject([{ state: 'settled', label: 'spam', correct: true }])
        expect((await register.feedback(id(101)))?.status).toBe('stored')
        expect((await register.totals()).feedback).toMatchObject({ stored: 1, orphaned: 0 })
      }))

    it('shows feedback in the order in which it joined', () =>
      over(open, TASKS, async (register) => {
        await register.appendFeedback([rated(101, 2, true), rated(102, 1, true)])
        await register.appendPredictions([prediction(3)])
        await register.appendFeedback([rated(103, 3, true)])
        await register.appendPredictions([prediction(1), prediction(2)])
        const lines = await wholeLedger(register, 'feedback')
        // 103 met its prediction first; of those that waited for one call, 101 came first.
        expect(lines.map((line) => line.feedback.id)).toEqual([id(103), id(101), id(102)])
        expect(lines.map((line) => line.prediction.id)).toEqual([id(3), id(2), id(1)])
      }))

    it('lists what joined a prediction by event time, whatever the order of arrival', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1)])
        await register.appendFeedback([rated(103, 1, true), rated(101, 1, true), rated(102, 1, true)])
        const ids = (await register.feedbackOn(id(1))).map((joined) => joined.feedback.id)
        expect(ids).toEqual([id(101), id(102), id(103)])
        expect(await register.feedbackOn(id(9))).toEqual([])
      }))

    it('lists what waits, in the order in which it came, page by page, and what waits for one prediction', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1)])
        const byKey = rated(104, 9, true, { target: { entity: 'mail-9', task: 'spam' } })
        const lines = [rated(103, 8, true), rated(101, 1, true), rated(102, 9, false, { user: 'u' }), byKey]
        await register.appendFeedback(lines)
        const waiting = [lines[0], lines[2], byKey].map((line) => ({ feedback: line, status: 'orphaned' }))
        const first = await register.waiting({ after: 0, limit: 2 })
        expect(first.lines).toEqual(waiting.slice(0, 2))
        const second = await register.waiting({ after: first.position })
        expect(second.lines).toEqual(waiting.slice(2))
        expect(await register.waiting({ after: second.position })).toEqual({ lines: [], position: second.position })
        expect((await register.waiting({ after: 0, prediction: id(9) })).lines).toEqual([waiting[1]])
        expect((await register.waiting({ after: 0, prediction: id(1) })).lines).toEqual([])

        await register.appendPredictions([prediction(8)])
        expect((await register.waiting({ after: 0 })).lines).toEqual(waiting.slice(1))
      }))

    it('names its tasks, those that came with a prediction too, by name and in their newest definition', () =>
      over(open, TASKS, async (register) => {
        const anew = defineTask({ name: 'anew', kind: 'regression' })
        await register.appendPredictions([{ ...prediction(1), task: anew, value: 3 }])
        const names = [...TASKS, anew].map(({ name }) => name).sort()
        const tasks = await register.tasks()
        expect(tasks.map(({ name }) => name)).toEqual(names)
        expect(tasks).toContainEqual(SPAM)
        expect(tasks).toContainEqual(anew)
      }))

    it('joins feedback whose clock is behind that of its prediction', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1)])
        await register.appendFeedback([rated(101, 1, true, { time: START - DAY })])
        expect(await register.outcomesOf(id(1))).toMatchObject([{ state: 'settled', time: START - DAY }])
      }))

    it('takes feedback that is dated a little ahead, because clocks differ, and rejects what is dated far ahead', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1)])
        const now = Date.now()
        const receipts = await register.appendFeedback([
          rated(101, 1, true, { time: now + MAX_CLOCK_SKEW_MS / 2 }),
          rated(102, 1, false, { time: now + DAY }),
          rated(103, 9, true, { time: now + DAY }),
        ])
        expect(statuses(receipts)).toEqual(['stored', 'rejected', 'rejected'])
        expect(receipts[1]?.reason).toMatch(/ seconds ahead of the clock here\. Pass milliseconds since 1970/)
        expect(await register.feedbackOn(id(1))).toHaveLength(1)
        expect((await register.totals()).feedback).toMatchObject({ stored: 1, orphaned: 0, rejected: 2 })
      }))

    it('names what is no tracking ID, and the form that one has', () =>
      over(open, TASKS, async (register) => {
        const target = { prediction: 'request-17' } as unknown as Feedback['target']
        const [receipt] = await register.appendFeedback([rated(101, 1, true, { target })])
        expect(receipt).toMatchObject({ id: id(101), status: 'rejected' })
        expect(receipt?.reason).toMatch(/"request-17" is not a tracking ID\. Pass <32 hex digits>-<16 hex digits>/)
      }))

    it('rejects a label that the task does not have', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1)])
        const [receipt] = await register.appendFeedback([corrected(101, 1, 'eggs')])
        expect(receipt).toMatchObject({ id: id(101), status: 'rejected' })
        expect(receipt?.reason).toContain('eggs')
        expect(await register.feedback(id(101))).toBeUndefined()
        expect(await register.outcomesOf(id(1))).toEqual([])
        expect((await register.totals()).feedback).toMatchObject({ stored: 0, rejected: 1 })
      }))

    it('counts an orphan that turns out unfit as rejected, and joins the others', () =>
      over(open, TASKS, async (register) => {
        await register.appendFeedback([corrected(101, 1, 'eggs'), corrected(102, 1, 'ham')])
        await register.appendPredictions([prediction(1)])
        expect(await register.feedback(id(101))).toBeUndefined()
        expect(await register.outcomesOf(id(1))).toMatchObject([{ label: 'ham', evidence: [id(102)] }])
        expect((await register.totals()).feedback).toMatchObject({ stored: 1, orphaned: 0, rejected: 1 })
        expect(statuses(await register.appendFeedback([corrected(101, 1, 'eggs')]))).toEqual(['rejected'])
      }))

    it('counts what proves nothing, and makes no outcome of it', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1)])
        const said = [
          feedback(101, 1, { kind: 'action', action: 'click' }),
          feedback(102, 1, { kind: 'no-action' }),
          feedback(103, 1, { kind: 'stars', stars: 3 }),
          feedback(104, 1, { kind: 'acceptance', editRate: 0.1 }),
          feedback(105, 1, { kind: 'harm', report: 'it insults' }),
        ]
        expect(statuses(await register.appendFeedback(said))).toEqual(Array(5).fill('stored'))
        expect(await register.outcomesOf(id(1))).toEqual([])
        expect(await register.totals()).toMatchObject({ open: 1, feedback: { stored: 5 } })
        expect((await register.feedbackOn(id(1))).map((joined) => joined.feedback)).toEqual(said)
      }))

    it('holds a correction by somebody who gains from it, until that is taken back', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1)])
        const gainful = corrected(101, 1, 'ham', { source: 'sender' })
        expect(statuses(await register.appendFeedback([gainful]))).toEqual(['held'])
        expect(await register.outcomesOf(id(1))).toEqual([])
        expect((await register.feedback(id(101)))?.status).toBe('held')
        expect((await register.totals()).feedback).toMatchObject({ held: 1, stored: 0 })

        const other = corrected(102, 1, 'spam', { source: 'sender', supersedes: id(101) })
        expect(statuses(await register.appendFeedback([other]))).toEqual(['held'])
        expect((await register.feedback(id(101)))?.status).toBe('stored')
        expect((await register.totals()).feedback).toMatchObject({ held: 1, stored: 1 })
        // A line of the ledger reads as it joined, for ever.
        expect((await wholeLedger(register, 'feedback')).map((line) => line.status)).toEqual(['held', 'held'])
      }))

    it('takes a task as the first prediction describes it, when nobody declared it', () =>
      over(open, [], async (register) => {
        expect(statuses(await register.appendPredictions([prediction(1)]))).toEqual(['stored'])
        expect((await register.prediction(id(1)))?.task).toEqual(SPAM)
        expect(statuses(await register.appendFeedback([rated(101, 1, false)]))).toEqual(['stored'])
        expect(await register.outcomesOf(id(1))).toMatchObject([{ label: 'ham' }])
      }))
  })
}
