import { describe, expect, it } from 'vitest'
import { corrected, id, prediction, rated, retraction, statuses, TASKS } from './fixtures.ts'
import { over, type OpenRegister } from './under-test.ts'

/** Superseding and retracting: a changed mind is a new line. */
export function takeBackCases(open: OpenRegister): void {
  describe('changing a mind', () => {
    it('lets a later line of the same source replace an earlier one', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1)])
        await register.appendFeedback([rated(101, 1, false)])
        await register.appendFeedback([rated(102, 1, true, { supersedes: id(101) })])
        const outcomes = await register.outcomesOf(id(1))
        expect(outcomes.map(({ label }) => label)).toEqual(['ham', 'spam'])
        expect(outcomes[1]?.evidence).toEqual([id(102)])
      }))

    it('leaves “retracted” when the only truth is taken back', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1)])
        await register.appendFeedback([rated(101, 1, false)])
        expect(statuses(await register.appendFeedback([retraction(102, 1, 101)]))).toEqual(['stored'])
        expect(await register.outcomesOf(id(1))).toMatchObject([
          { version: 1, state: 'settled' },
          { version: 2, state: 'retracted', evidence: [], replaces: { state: 'settled', label: 'ham' } },
        ])
        expect((await register.totals()).outcomes).toMatchObject({ settled: 0, retracted: 1 })
      }))

    it('keeps a retraction whose target comes later, and then it counts', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1)])
        expect(statuses(await register.appendFeedback([retraction(102, 1, 101)]))).toEqual(['stored'])
        expect(await register.outcomesOf(id(1))).toEqual([])
        await register.appendFeedback([rated(101, 1, false)])
        expect(await register.outcomesOf(id(1))).toMatchObject([{ version: 1, state: 'retracted' }])
      }))

    it('keeps a replacement whose target comes later, and then it counts', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1)])
        await register.appendFeedback([rated(102, 1, true, { supersedes: id(101) })])
        await register.appendFeedback([rated(101, 1, false)])
        // Without the replacement the two would be contested.
        expect(await register.outcomesOf(id(1))).toMatchObject([{ version: 1, state: 'settled', label: 'spam' }])
      }))

    it('takes back in the pen what waits in the pen', () =>
      over(open, TASKS, async (register) => {
        await register.appendFeedback([retraction(103, 1, 102), rated(101, 1, true), rated(102, 1, false)])
        await register.appendPredictions([prediction(1)])
        expect((await register.outcomesOf(id(1))).at(-1)).toMatchObject({ state: 'settled', label: 'spam' })
        expect((await register.totals()).feedback).toMatchObject({ stored: 3, orphaned: 0 })
      }))

    it('refuses what would take back the line of another user of the source', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1)])
        await register.appendFeedback([rated(101, 1, false, { user: 'alice' })])
        const [refused] = await register.appendFeedback([retraction(102, 1, 101, { user: 'mallory' })])
        expect(refused).toMatchObject({ status: 'rejected', reason: expect.stringContaining('another user') })
        expect(await register.outcomesOf(id(1))).toMatchObject([{ state: 'settled', label: 'ham' }])
        await register.appendFeedback([retraction(103, 1, 101, { user: 'alice' })])
        expect((await register.outcomesOf(id(1))).at(-1)).toMatchObject({ state: 'retracted' })
      }))

    it('sets a replacement by another user of the source beside the line', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1)])
        await register.appendFeedback([rated(101, 1, false, { user: 'alice' })])
        await register.appendFeedback([rated(102, 1, true, { user: 'mallory', supersedes: id(101) })])
        expect((await register.outcomesOf(id(1))).at(-1)).toMatchObject({ state: 'contested' })
      }))

    it('lets no other user take back what comes only after it', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1)])
        await register.appendFeedback([retraction(102, 1, 101, { user: 'mallory' })])
        await register.appendFeedback([rated(101, 1, false, { user: 'alice' })])
        expect(await register.outcomesOf(id(1))).toMatchObject([{ state: 'settled', label: 'ham' }])
      }))

    it('follows a chain of replacements to its end', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1)])
        await register.appendFeedback([
          corrected(103, 1, 'spam', { supersedes: id(102) }),
          corrected(101, 1, 'spam'),
          corrected(102, 1, 'ham', { supersedes: id(101) }),
        ])
        expect((await register.outcomesOf(id(1))).at(-1)).toMatchObject({ label: 'spam', evidence: [id(103)] })
        await register.appendFeedback([retraction(104, 1, 103)])
        expect((await register.outcomesOf(id(1))).at(-1)).toMatchObject({ state: 'retracted' })
      }))

    it('does not let one source take back what another said', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1)])
        await register.appendFeedback([rated(101, 1, false)])
        const [receipt] = await register.appendFeedback([retraction(102, 1, 101, { source: 'sender' })])
        expect(receipt?.status).toBe('rejected')
        expect(receipt?.reason).toContain('recipient')
        expect(await register.outcomesOf(id(1))).toMatchObject([{ label: 'ham' }])
      }))

    it('rejects what would take back feedback on another prediction, where that is known', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1), prediction(2)])
        await register.appendFeedback([rated(101, 1, false), rated(102, 9, false)])
        const receipts = await register.appendFeedback([
          retraction(103, 2, 101),
          rated(104, 2, true, { supersedes: id(101) }),
          retraction(105, 8, 101),
          retraction(106, 2, 102),
        ])
        expect(statuses(receipts)).toEqual(Array(4).fill('rejected'))
        for (const { reason } of receipts) expect(reason).toContain('another prediction')
        expect(await register.outcomesOf(id(2))).toEqual([])
        expect((await register.totals()).feedback.rejected).toBe(4)
      }))
  })
}
