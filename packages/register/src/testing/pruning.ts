import { setImmediate } from 'node:timers/promises'
import type { JoinedOutcome, Ledger, LedgerLines, Prediction, Register } from '@groundtrace/core'
import { describe, expect, it } from 'vitest'
import {
  corrected,
  DAY,
  dataSetMade,
  feedback,
  FRAUD,
  id,
  prediction,
  rated,
  START,
  statuses,
  TASKS,
  wholeLedger,
} from './fixtures.ts'
import { over, type OpenRegister } from './under-test.ts'

/** Made at noon of a day from the start. */
const onDay = (number: number, day: number, given: Partial<Prediction> = {}): Prediction =>
  prediction(number, { time: START + (day + 0.5) * DAY, features: { day }, user: `user-${number}`, ...given })

const said = (number: number, about: number, day: number) =>
  rated(number, about, false, { time: START + (day + 0.6) * DAY, comment: 'mine' })

/** One prediction a day from day 1 to 5, each answered; all but the last are closed. */
async function fill(register: Register): Promise<void> {
  const days = [1, 2, 3, 4, 5]
  await register.appendPredictions(days.map((day) => onDay(day, day)))
  await register.appendFeedback(days.map((day) => said(100 + day, day, day)))
  await register.closeHorizons({ now: START + 5.6 * DAY })
}

const idsOf = (lines: readonly Prediction[]): readonly string[] => lines.map((line) => line.id)
const idsOfOutcomes = (lines: readonly JoinedOutcome[]): readonly string[] => lines.map((line) => line.prediction.id)

/** Everything of a ledger that a cursor is still to read. */
async function unread<L extends Ledger>(
  register: Register,
  cursor: string,
  ledger: L,
): Promise<readonly LedgerLines[L][]> {
  const lines: LedgerLines[L][] = []
  const count = (page: readonly LedgerLines[L][]) => {
    lines.push(...page)
    return []
  }
  while ((await register.advance(cursor, ledger, count, 2)) > 0);
  return lines
}

/** Retention: what is old goes as a whole, what was counted stays counted, and no reader misses a line. */
export function pruningCases(open: OpenRegister): void {
  describe('pruning', () => {
    it('removes closed predictions that were made before a time, with all that is about them, and no others', () =>
      over(open, TASKS, async (register) => {
        await fill(register)
        await register.appendPredictions([onDay(6, 1.2, { task: FRAUD, value: 'fraud' })])
        // Day 5 is not closed, and number 6 neither: its horizon is two days.
        expect(await register.prune({ before: START + 4 * DAY })).toBe(3)
        expect(await register.prune({ before: START + 4 * DAY })).toBe(0)

        for (const number of [1, 2, 3]) {
          expect(await register.prediction(id(number))).toBeUndefined()
          expect(await register.feedbackOn(id(number))).toEqual([])
          expect(await register.feedback(id(100 + number))).toBeUndefined()
          expect(await register.outcomesOf(id(number))).toEqual([])
          expect(await register.predictionsOfTrace(id(number).slice(0, 32))).toEqual([])
        }
        expect(idsOf(await wholeLedger(register, 'predictions'))).toEqual([id(4), id(5), id(6)])
        expect(await wholeLedger(register, 'feedback')).toHaveLength(2)
        expect(idsOfOutcomes(await wholeLedger(register, 'outcomes'))).toEqual([id(4), id(5), id(4)])
        expect(await register.prediction(id(4))).toEqual(onDay(4, 4))
        expect(await register.outcomesOf(id(4))).toHaveLength(2)
        expect(await register.eraseUser('user-2')).toBe(0)
      }))

    it('leaves every figure as it was, but for what says how much was pruned', () =>
      over(open, TASKS, async (register) => {
        await fill(register)
        await register.appendPredictions([onDay(7, 2, { whole: id(2), parent: id(2) })])
        await register.appendFeedback([corrected(108, 1, 'spam', { source: 'sender' })])
        await register.closeHorizons({ now: START + 4 * DAY })
        await register.advance('a', 'outcomes', (lines) => lines.map(() => ({ name: 'seen', labels: {}, value: 1 })))
        const { removed, ...before } = await register.totals()
        const [versions, counts] = [await register.versions(), await register.counts()]
        expect(await register.prune({ before: START + 9 * DAY })).toBe(5)
        expect(await register.totals()).toEqual({ ...before, removed: { ...removed, pruned: 5 } })
        expect([await register.versions(), await register.counts()]).toEqual([versions, counts])
      }))

    it('keeps to one task where one is named', () =>
      over(open, TASKS, async (register) => {
        await fill(register)
        await register.appendPredictions([onDay(6, 1, { task: FRAUD, value: 'fraud' })])
        await register.closeHorizons({ now: START + 9 * DAY })
        expect(await register.prune({ before: START + 9 * DAY, task: 'fraud' })).toBe(1)
        expect(await register.prune({ before: START + 9 * DAY, task: 'unheard-of' })).toBe(0)
        expect(idsOf(await wholeLedger(register, 'predictions'))).toEqual([1, 2, 3, 4, 5].map((number) => id(number)))
      }))

    it('goes step by step, and no further than asked for', () =>
      over(open, TASKS, async (register) => {
        const many = Array.from({ length: 1203 }, (_, index) => onDay(index + 1, 1))
        await register.appendPredictions(many)
        await register.closeHorizons({ now: START + 9 * DAY })
        expect(await register.prune({ before: START + 9 * DAY, limit: 2 })).toBe(2)
        expect(await register.prune({ before: START + 9 * DAY })).toBe(1201)
        expect((await register.totals()).removed.pruned).toBe(1203)
      }))

    it.each(['predictions', 'feedback', 'outcomes'] as const)(
      'takes nothing of the %s that a cursor has not read',
      (ledger) =>
        over(open, TASKS, async (register) => {
          await fill(register)
          await register.advance('behind', ledger, () => [], 2)
          await unread(register, 'ahead', ledger)
          const left = (await wholeLedger(register, ledger)).slice(2)
          await register.prune({ before: START + 9 * DAY })
          expect(await unread(register, 'behind', ledger)).toEqual(left)
          // Now that all is read, the rest goes as well.
          await register.prune({ before: START + 9 * DAY })
          expect((await register.totals()).removed.pruned).toBe(4)
        }),
    )

    it('waits with a prediction for a late line on it that a cursor has not read', () =>
      over(open, TASKS, async (register) => {
        await fill(register)
        await unread(register, 'reader', 'feedback')
        await register.appendFeedback([feedback(109, 2, { kind: 'action', action: 'click' })])
        expect(await register.prune({ before: START + 4 * DAY })).toBe(2)
        expect((await unread(register, 'reader', 'feedback')).map((line) => line.feedback.id)).toEqual([id(109)])
        expect(await register.prune({ before: START + 4 * DAY })).toBe(1)
      }))

    it('takes nothing back: what was pruned and is sent again is rejected, what was not is a duplicate', () =>
      over(open, TASKS, async (register) => {
        await fill(register)
        await register.prune({ before: START + 4 * DAY })
        const receipts = await register.appendPredictions([
          onDay(2, 2),
          onDay(4, 4),
          onDay(12, 3.4),
          onDay(13, 3.6),
          onDay(14, 1, { task: FRAUD, value: 'fraud' }),
        ])
        expect(statuses(receipts)).toEqual(['rejected', 'duplicate', 'rejected', 'stored', 'rejected'])
        expect(receipts[0]?.reason).toMatch(/2020-01-05T00:00:00.000Z.*\. .*\.$/)
        // What is said of it waits for something that never comes, and expires.
        expect(statuses(await register.appendFeedback([said(102, 2, 2), said(122, 2, 2)]))).toEqual([
          'orphaned',
          'orphaned',
        ])
      }))

    it('of one task, takes older predictions of the others', () =>
      over(open, TASKS, async (register) => {
        await fill(register)
        await register.prune({ before: START + 4 * DAY, task: 'spam' })
        const receipts = await register.appendPredictions([onDay(14, 1, { task: FRAUD, value: 'fraud' }), onDay(15, 1)])
        expect(statuses(receipts)).toEqual(['stored', 'rejected'])
        // An earlier time takes nothing back either.
        await register.prune({ before: START + DAY, task: 'spam' })
        expect(statuses(await register.appendPredictions([onDay(15, 1)]))).toEqual(['rejected'])
      }))

    it('finds no pruned prediction by its business key', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([onDay(1, 1, { entity: 'a' }), onDay(2, 3, { entity: 'a' })])
        await register.closeHorizons({ now: START + 9 * DAY })
        await register.prune({ before: START + 2 * DAY })
        const target = { entity: 'a', task: 'spam' }
        const lines = [{ ...said(101, 1, 2), target }, { ...said(102, 1, 4), target }] // prettier-ignore
        expect(statuses(await register.appendFeedback(lines))).toEqual(['orphaned', 'stored'])
        expect((await register.feedback(id(102)))?.prediction?.id).toBe(id(2))
      }))

    it('hides no line from a reader that tails while it goes on', () =>
      over(open, TASKS, async (register) => {
        const [days, each] = [15, 10]
        const ledgers = ['predictions', 'feedback', 'outcomes'] as const
        const seen: Record<Ledger, number> = { predictions: 0, feedback: 0, outcomes: 0, lineage: 0 }
        let done = 0
        const write = async (): Promise<void> => {
          for (let day = 1; day <= days; day += 1) {
            const numbers = Array.from({ length: each }, (_, index) => day * each + index)
            await register.appendPredictions(numbers.map((number) => onDay(number, day)))
            await register.appendFeedback(numbers.map((number) => said(1000 + number, number, day)))
            await register.closeHorizons({ now: START + (day + 2) * DAY })
            done = day
          }
        }
        const whileWriting = async (work: () => Promise<void>): Promise<void> => {
          await work()
          // A register in the thread of its caller would let nobody else have a turn.
          await setImmediate()
          if (done < days) await whileWriting(work)
        }
        const read = async (): Promise<void> => {
          for (const ledger of ledgers) seen[ledger] += (await unread(register, ledger, ledger)).length
        }
        // Each cursor is there before anything may go.
        await read()
        const prune = async (): Promise<void> => void (await register.prune({ before: START + (done + 1) * DAY }))
        await Promise.all([write(), whileWriting(read), whileWriting(prune)])
        await read()
        expect(seen).toMatchObject({ predictions: days * each, feedback: days * each, outcomes: 2 * days * each })
        await prune()
        expect((await register.totals()).removed.pruned).toBe(days * each)
      }))

    it('goes on in the order of the ledgers when all was pruned', () =>
      over(open, TASKS, async (register) => {
        await fill(register)
        await register.closeHorizons({ now: START + 9 * DAY })
        for (const ledger of ['predictions', 'feedback', 'outcomes'] as const) await unread(register, ledger, ledger)
        expect(await register.prune({ before: START + 9 * DAY })).toBe(5)
        expect(await wholeLedger(register, 'outcomes')).toEqual([])
        await register.appendPredictions([onDay(21, 21), onDay(22, 22)])
        await register.appendFeedback([said(121, 21, 21)])
        expect(idsOf(await unread(register, 'predictions', 'predictions'))).toEqual([id(21), id(22)])
        expect(await unread(register, 'feedback', 'feedback')).toHaveLength(1)
        expect(await unread(register, 'outcomes', 'outcomes')).toHaveLength(1)
      }))

    it('is said of the members of data sets, and of no line of the ledger', () =>
      over(open, TASKS, async (register) => {
        await fill(register)
        const made = dataSetMade('d1', [[101, 1], [102, 2], [104, 4]]) // prettier-ignore
        await register.appendLineage([made])
        await register.eraseUser('user-2')
        await register.prune({ before: START + 4 * DAY })
        expect((await register.dataSet('d1'))?.members.map(({ lost }) => lost)).toEqual(['pruned', 'erased', undefined])
        const [line] = await register.lineageOf(id(1))
        expect(line?.kind === 'data-set-made' && line.members).toMatchObject([{ example: id(101), lost: 'pruned' }])
        expect(await wholeLedger(register, 'lineage')).toEqual([made])
      }))

    it('drops what has waited since before the time, where no task is named', () =>
      over(open, TASKS, async (register) => {
        await register.appendFeedback([said(101, 1, 1)])
        await register.prune({ before: Date.now() + DAY, task: 'spam' })
        expect((await register.totals()).feedback.orphaned).toBe(1)
        await register.prune({ before: Date.now() - DAY })
        expect((await register.totals()).feedback.orphaned).toBe(1)
        await register.prune({ before: Date.now() + DAY })
        expect(await register.totals()).toMatchObject({ feedback: { orphaned: 0 }, loss: { 'orphan-expired': 1 } })
      }))
  })
}

/** Positions and limits outlive the process. */
export function pruningAfterReopening(open: OpenRegister): void {
  it('gives no position twice and takes nothing that was pruned', () =>
    over(open, TASKS, async (register, store) => {
      await fill(register)
      await register.closeHorizons({ now: START + 9 * DAY })
      for (const ledger of ['predictions', 'feedback', 'outcomes'] as const) await unread(register, ledger, ledger)
      expect(await register.prune({ before: START + 9 * DAY })).toBe(5)
      const again = await store.reopen()
      expect(statuses(await again.appendPredictions([onDay(21, 21), onDay(5, 5)]))).toEqual(['stored', 'rejected'])
      await again.appendFeedback([said(121, 21, 21)])
      expect(idsOf(await unread(again, 'predictions', 'predictions'))).toEqual([id(21)])
      expect(await unread(again, 'feedback', 'feedback')).toHaveLength(1)
      expect(await unread(again, 'outcomes', 'outcomes')).toHaveLength(1)
    }))
}
