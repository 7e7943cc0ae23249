import type { Feedback, JoinedFeedback } from '@groundtrace/core'
import { describe, expect, it } from 'vitest'
import {
  corrected,
  DAY,
  feedback,
  FRAUD,
  id,
  prediction,
  PRICE,
  rated,
  retraction,
  START,
  TASKS,
  wholeLedger,
} from './fixtures.ts'
import { over, type OpenRegister } from './under-test.ts'

const YEAR = 365 * DAY

/** Four lines that change the verdict each time, and a click that is the latest of all. */
const changing = (about: number, first: number): readonly Feedback[] => [
  rated(first, about, true),
  feedback(first + 9, about, { kind: 'action', action: 'click' }),
  corrected(first + 1, about, 'ham'),
  retraction(first + 2, about, first + 1),
  rated(first + 3, about, false),
]

const late = (lines: readonly JoinedFeedback[]): readonly string[] =>
  lines.filter((line) => line.late === true).map((line) => line.feedback.id)

const horizon = (number: number): number => prediction(number).time + DAY

/** Outcome lines: numbered, each with what it replaces, one for the horizon. */
export function outcomeCases(open: OpenRegister): void {
  describe('settling', () => {
    it('numbers the outcomes of a prediction without gaps, each with the verdict it replaces', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1)])
        await register.appendFeedback([rated(101, 1, true)])
        await register.appendFeedback([
          corrected(102, 1, 'ham'),
          feedback(103, 1, { kind: 'annotation', label: 'spam', by: 'expert' }),
        ])
        await register.appendFeedback([feedback(104, 1, { kind: 'annotation', label: 'ham', by: 'expert' })])
        // Authority: rating < correction < expert; two experts who disagree contest each other.
        expect(await register.outcomesOf(id(1))).toMatchObject([
          { version: 1, state: 'settled', label: 'spam', authority: 'rating' },
          { version: 2, state: 'settled', label: 'ham', authority: 'correction', replaces: { label: 'spam' } },
          { version: 3, state: 'settled', label: 'spam', authority: 'expert', replaces: { label: 'ham' } },
          { version: 4, state: 'contested', replaces: { state: 'settled', label: 'spam', authority: 'expert' } },
        ])
        expect((await register.totals()).outcomes).toMatchObject({ settled: 0, contested: 1 })
      }))

    it('makes the same lines of feedback sent one by one and in one call', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1), prediction(2)])
        await register.appendFeedback(changing(1, 101))
        for (const line of changing(2, 201)) await register.appendFeedback([line])
        const verdicts = async (about: number) =>
          (await register.outcomesOf(id(about))).map(({ version, state, label, authority, time }) => ({
            version,
            state,
            label,
            authority,
            minutes: (time - START) / 60_000 - about * 100,
          }))
        // The first by its rating, an hour and a minute after the start; all others by the click.
        expect((await verdicts(1)).map(({ minutes }) => minutes)).toEqual([61, 70, 70, 70])
        expect(await verdicts(2)).toEqual(await verdicts(1))
      }))

    it('writes no line when only the evidence changes', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1)])
        await register.appendFeedback([rated(101, 1, false), rated(102, 1, false)])
        await register.appendFeedback([corrected(103, 1, 'ham', { source: 'sender' })])
        expect(await register.outcomesOf(id(1))).toHaveLength(1)
      }))

    it('takes the event time of the latest feedback as the time of a line', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1)])
        const late = rated(105, 1, true)
        await register.appendFeedback([late, corrected(101, 1, 'ham')])
        expect((await register.outcomesOf(id(1))).map(({ time }) => time)).toEqual([late.time, late.time])
      }))

    it('settles a number within its tolerance without knowing the truth', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1, { task: PRICE, value: 100 })])
        await register.appendFeedback([rated(101, 1, true)])
        await register.appendFeedback([rated(103, 1, false, { supersedes: id(101) })])
        expect(await register.outcomesOf(id(1))).toMatchObject([
          { state: 'settled', correct: true },
          { state: 'settled', correct: false, replaces: { correct: true } },
        ])
        await register.appendFeedback([feedback(102, 1, { kind: 'outcome', label: 106 })])
        // |100 − 106| is more than the tolerance of 5.
        expect((await register.outcomesOf(id(1))).at(-1)).toMatchObject({ label: 106, correct: false })
      }))
  })

  describe('closing at the horizon', () => {
    it('writes one horizon line for each prediction that is due, whatever its verdict', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([
          prediction(1),
          prediction(2),
          prediction(3, { policy: { action: 'block' } }),
          prediction(4, { policy: { action: 'block', propensity: 0.1, explored: true } }),
        ])
        await register.appendFeedback([rated(101, 1, true)])
        expect(await register.closeHorizons({ now: START + YEAR })).toBe(4)
        expect(await register.closeHorizons({ now: START + YEAR })).toBe(0)

        const settled = { state: 'settled', label: 'spam', correct: true, authority: 'rating' }
        expect(await register.outcomesOf(id(1))).toMatchObject([
          { ...settled, version: 1, phase: 'early' },
          { ...settled, version: 2, phase: 'horizon', evidence: [id(101)], replaces: settled },
        ])
        const closed = { version: 1, phase: 'horizon', evidence: [] }
        const alone = async (about: number) => await register.outcomesOf(id(about))
        expect(await alone(2)).toEqual([
          { ...closed, prediction: id(2), state: 'expired', time: prediction(2).time + DAY },
        ])
        // Blocked mail is seen by nobody, unless it was released to explore.
        expect(await alone(3)).toMatchObject([{ ...closed, state: 'censored' }])
        expect(await alone(4)).toMatchObject([{ ...closed, state: 'expired' }])
        expect(await register.totals()).toMatchObject({
          open: 0,
          outcomes: { settled: 1, expired: 2, censored: 1, contested: 0, retracted: 0 },
        })
      }))

    it('closes what is due and no more, in order of horizon and at most as many as asked for', () =>
      over(open, TASKS, async (register) => {
        const order = [4, 1, 5, 2, 3]
        await register.appendPredictions(order.map((number) => prediction(number)))
        expect(await register.closeHorizons({ now: horizon(1) - 1 })).toBe(0)
        expect(await register.closeHorizons({ now: horizon(4), limit: 2 })).toBe(2)
        expect(await register.closeHorizons({ now: horizon(4) })).toBe(2)
        const closed = await wholeLedger(register, 'outcomes')
        expect(closed.map(({ outcome }) => outcome.prediction)).toEqual([id(1), id(2), id(3), id(4)])
        expect(closed.map(({ outcome }) => outcome.time)).toEqual([1, 2, 3, 4].map(horizon))
        expect((await register.totals()).open).toBe(1)
      }))

    it('says when the next prediction is due, and nothing when all are closed', () =>
      over(open, TASKS, async (register) => {
        expect((await register.totals()).nextHorizon).toBeUndefined()
        await register.appendPredictions([prediction(3), prediction(1), prediction(2)])
        await register.appendFeedback([rated(101, 1, true)])
        expect((await register.totals()).nextHorizon).toBe(horizon(1))
        await register.closeHorizons({ now: horizon(2) })
        expect((await register.totals()).nextHorizon).toBe(horizon(3))
        await register.closeHorizons({ now: horizon(3) })
        expect((await register.totals()).nextHorizon).toBeUndefined()
      }))

    it('closes more than one step holds', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions(Array.from({ length: 1203 }, (_, index) => prediction(index + 1)))
        expect(await register.closeHorizons({ now: START + YEAR, limit: 1201 })).toBe(1201)
        expect(await register.closeHorizons({ now: START + YEAR })).toBe(2)
        expect((await register.totals()).outcomes.expired).toBe(1203)
      }))

    it('calls what comes after the horizon late, and never opens a prediction again', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1)])
        await register.closeHorizons({ now: START + YEAR })
        await register.appendFeedback([rated(101, 1, false)])
        await register.appendFeedback([rated(102, 1, true, { supersedes: id(101) })])
        await register.appendFeedback([retraction(103, 1, 102)])
        expect(await register.outcomesOf(id(1))).toMatchObject([
          { version: 1, phase: 'horizon', state: 'expired' },
          { version: 2, phase: 'late', state: 'settled', label: 'ham', replaces: { state: 'expired' } },
          { version: 3, phase: 'late', state: 'settled', label: 'spam' },
          { version: 4, phase: 'late', state: 'retracted' },
        ])
        expect(await register.closeHorizons({ now: START + YEAR })).toBe(0)
      }))

    it('marks feedback that joined when its prediction was closed, wherever it is read, and no other', () =>
      over(open, TASKS, async (register) => {
        await register.appendFeedback([rated(101, 2, true)])
        await register.appendPredictions([prediction(1), prediction(3)])
        await register.appendFeedback([rated(102, 1, true)])
        await register.closeHorizons({ now: horizon(1) })
        // Of prediction 2 it is not known that it closes until it comes: the orphan was in time.
        await register.appendPredictions([prediction(2)])
        await register.appendFeedback([rated(103, 1, true), rated(104, 3, true)])
        await register.closeHorizons({ now: horizon(3) })
        // A click changes nothing, and is late all the same.
        await register.appendFeedback([feedback(105, 3, { kind: 'action', action: 'click' })])
        const ledger = await wholeLedger(register, 'feedback')
        expect(ledger).toHaveLength(5)
        expect(late(ledger)).toEqual([id(103), id(105)])
        expect(late(await register.feedbackOn(id(1)))).toEqual([id(103)])
        expect([await register.feedback(id(102)), await register.feedback(id(105))]).toMatchObject([
          { status: 'stored' },
          { status: 'stored', late: true },
        ])
        expect(await register.feedback(id(102))).not.toHaveProperty('late')
      }))

    it('says of each outcome line when it was written, in the order of the ledger', () =>
      over(open, TASKS, async (register) => {
        const before = Date.now()
        await register.appendPredictions([prediction(1), prediction(2)])
        await register.appendFeedback([rated(101, 1, true)])
        await register.closeHorizons({ now: START + YEAR })
        const recorded = (await wholeLedger(register, 'outcomes')).map((line) => line.recorded ?? Number.NaN)
        expect(recorded).toHaveLength(3)
        expect(recorded.toSorted((a, b) => a - b)).toEqual(recorded)
        expect(recorded[0]).toBeGreaterThanOrEqual(before)
        expect(recorded[2]).toBeLessThanOrEqual(Date.now())
      }))

    it('settles silence to the declared class, until somebody objects', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([1, 2, 3].map((number) => prediction(number, { task: FRAUD, value: 'fraud' })))
        await register.appendFeedback([feedback(101, 2, { kind: 'harm', report: 'it insults' })])
        await register.closeHorizons({ now: START + YEAR })
        expect(await register.outcomesOf(id(1))).toMatchObject([
          { state: 'settled', label: 'honest', correct: false, authority: 'silence', evidence: [] },
        ])
        expect(await register.outcomesOf(id(2))).toMatchObject([{ state: 'expired' }])
        // A click disputes nothing; a harm report after the horizon ends the silence all the same.
        await register.appendFeedback([feedback(102, 3, { kind: 'action', action: 'click' })])
        expect(await register.outcomesOf(id(3))).toHaveLength(1)
        await register.appendFeedback([feedback(103, 3, { kind: 'harm', report: 'it insults' })])
        expect(await register.outcomesOf(id(3))).toMatchObject([
          { authority: 'silence' },
          { version: 2, phase: 'late', state: 'expired', replaces: { label: 'honest', authority: 'silence' } },
        ])
      }))

    it('closes a prediction that comes after its horizon at the next closing', () =>
      over(open, TASKS, async (register) => {
        await register.closeHorizons({ now: START + YEAR })
        await register.appendFeedback([rated(101, 1, true)])
        await register.appendPredictions([prediction(1)])
        expect(await register.outcomesOf(id(1))).toMatchObject([{ phase: 'early', state: 'settled' }])
        expect(await register.closeHorizons({ now: START + YEAR })).toBe(1)
        expect(await register.outcomesOf(id(1))).toMatchObject([{ phase: 'early' }, { phase: 'horizon', version: 2 }])
      }))
  })
}
