import type { LineageLine, Prediction, Register } from '@groundtrace/core'
import { describe, expect, it } from 'vitest'
import {
  dataSetMade,
  feedback,
  id,
  prediction,
  rated,
  retraction,
  statuses,
  TASKS,
  versionTrained,
  wholeLedger,
} from './fixtures.ts'
import { over, type OpenRegister } from './under-test.ts'

const features = { words: ['a', 'b'] }
const forUser = (number: number, user: string): Prediction => prediction(number, { features, user })

/** How each member of a data set was lost; undefined: it was not. */
async function lossesOf(register: Register, dataSet: string): Promise<readonly (string | undefined)[]> {
  return ((await register.dataSet(dataSet))?.members ?? []).map(({ lost }) => lost)
}

const membersOf = (lines: readonly LineageLine[]) =>
  lines.flatMap((line) => (line.kind === 'data-set-made' ? line.members : []))

/** Alice was served 1 and 2, Bob 3. Both answered, on their own and on each other's, and Alice twice too early. */
async function fill(register: Register): Promise<void> {
  await register.appendPredictions([forUser(1, 'alice'), forUser(2, 'alice'), forUser(3, 'bob'), prediction(4)])
  await register.appendFeedback([
    rated(101, 1, true, { user: 'alice', comment: 'her own words' }),
    rated(102, 3, false, { user: 'alice' }),
    rated(103, 1, true, { user: 'bob', comment: 'his own words' }),
    feedback(104, 9, { kind: 'harm', report: 'it hurt her', user: 'alice' }),
    rated(105, 9, true, { user: 'alice', target: { entity: 'order', task: 'spam' } }),
    rated(106, 4, true),
  ])
}

/** A person: found by their pseudonym wherever they are, and never kept again once they said so. */
export function consentCases(open: OpenRegister): void {
  describe('erasing a person', () => {
    it('removes the payloads of predictions for them and of their feedback on whosever, in the pen too, and no others', () =>
      over(open, TASKS, async (register) => {
        await fill(register)
        // Two predictions, two joined lines, two that wait.
        expect(await register.eraseUser('alice')).toBe(6)
        expect(await register.eraseUser('alice')).toBe(0)

        expect(await register.prediction(id(1))).toEqual(prediction(1))
        expect(await register.prediction(id(2))).toEqual(prediction(2))
        expect(await register.prediction(id(3))).toEqual(forUser(3, 'bob'))
        const left = await Promise.all([101, 102, 103, 104, 105].map((number) => register.feedback(id(number))))
        expect(left.map((joined) => joined?.feedback)).toEqual([
          rated(101, 1, true),
          rated(102, 3, false),
          rated(103, 1, true, { user: 'bob', comment: 'his own words' }),
          feedback(104, 9, { kind: 'harm', report: '(erased)' }),
          rated(105, 9, true, { target: { entity: 'order', task: 'spam' } }),
        ])
        expect(left.map((joined) => joined?.erased)).toEqual([true, true, undefined, true, true])
        expect((await register.feedbackOn(id(1))).map(({ erased }) => erased)).toEqual([true, undefined])
        const ledger = await wholeLedger(register, 'feedback')
        expect(ledger.map(({ erased }) => erased)).toEqual([true, true, undefined, undefined])
        expect((await register.totals()).removed).toMatchObject({ erased: 6, withheld: 0 })
      }))

    it('leaves outcomes and counts as they were, and joins on', () =>
      over(open, TASKS, async (register) => {
        await fill(register)
        const { removed: _, ...before } = await register.totals()
        const outcomes = await wholeLedger(register, 'outcomes')
        await register.eraseUser('alice')
        expect(await register.totals()).toMatchObject(before)
        expect(await wholeLedger(register, 'outcomes')).toEqual(outcomes)
        await register.appendPredictions([prediction(9, { entity: 'order' })])
        expect((await register.totals()).feedback).toMatchObject({ orphaned: 0, stored: 6 })
        // Nobody knows any more whose line it was; of the same source it may be taken back.
        await register.appendFeedback([retraction(107, 3, 102)])
        expect((await register.outcomesOf(id(3))).at(-1)).toMatchObject({ state: 'retracted' })
      }))

    it('brings nothing back when a line is sent again', () =>
      over(open, TASKS, async (register) => {
        await fill(register)
        await register.eraseUser('alice')
        const again = [forUser(1, 'alice'), { ...forUser(1, 'alice'), value: 'ham' }]
        expect(statuses(await register.appendPredictions(again))).toEqual(['duplicate', 'conflict'])
        const words = rated(101, 1, true, { user: 'alice', comment: 'her own words' })
        expect(statuses(await register.appendFeedback([words]))).toEqual(['duplicate'])
        expect(await register.eraseUser('alice')).toBe(0)
      }))

    it('finds all of more than one step holds, also what comes after the first time', () =>
      over(open, TASKS, async (register) => {
        const many = Array.from({ length: 1203 }, (_, index) => forUser(index + 1, index % 3 === 0 ? 'alice' : 'bob'))
        for (const batch of [many.slice(0, 600), many.slice(600)]) await register.appendPredictions(batch)
        const lines = Array.from({ length: 702 }, (_, index) =>
          rated(5001 + index, 2 + (index % 600), true, { user: 'alice' }),
        )
        await register.appendFeedback(lines)
        expect(await register.eraseUser('alice')).toBe(401 + 702)
        expect((await wholeLedger(register, 'predictions', 500)).filter(({ user }) => user === 'bob')).toHaveLength(802)
        await register.appendPredictions([forUser(9001, 'alice')])
        expect(await register.eraseUser('alice')).toBe(1)
        expect(await register.eraseUser('bob')).toBe(802)
      }))

    it('takes whom it does not know in its stride, and repeats no name that is none', () =>
      over(open, TASKS, async (register) => {
        expect(await register.eraseUser('nobody')).toBe(0)
        for (const user of ['', 'x'.repeat(257), 7]) {
          const refused = register.eraseUser(user as string)
          await expect(refused).rejects.toMatchObject({ code: 'invalid-argument' })
          await expect(refused).rejects.toThrow(/^((?!xxx).)*$/)
        }
      }))
  })

  describe('what is erased', () => {
    it('is named as lost in the data sets that were made from it, and in no line of the ledger', () =>
      over(open, TASKS, async (register) => {
        await fill(register)
        const made = dataSetMade('d1', [
          [101, 1],
          [102, 3],
          [103, 1],
          [106, 4],
        ])
        const trained = versionTrained('v2', 'd1')
        await register.appendLineage([made, trained])
        await register.eraseUser('alice')
        // Her predictions are lost with all that was said of them; of Bob's the example that rests on her word.
        expect(await lossesOf(register, 'd1')).toEqual(['erased', 'erased', 'erased', undefined])
        expect(membersOf(await register.lineageOf(id(3))).map(({ lost }) => lost)).toEqual(['erased'])
        expect(await wholeLedger(register, 'lineage')).toEqual([made, trained])
        expect(statuses(await register.appendLineage([made]))).toEqual(['duplicate'])
      }))

    it('is lost to a data set that is made afterwards too', () =>
      over(open, TASKS, async (register) => {
        await fill(register)
        await register.eraseUser('alice')
        await register.appendLineage([dataSetMade('d1', [[103, 1], [106, 4], [102, 3], [105, 9], [999, 99]])]) // prettier-ignore
        expect(await lossesOf(register, 'd1')).toEqual(['erased', undefined, 'erased', 'erased', undefined])
      }))

    it('by prediction, is lost in the same way', () =>
      over(open, TASKS, async (register) => {
        await fill(register)
        await register.appendLineage([dataSetMade('d1', [[101, 1], [106, 4], [102, 3]])]) // prettier-ignore
        await register.erase([id(3), id(4)])
        expect(await lossesOf(register, 'd1')).toEqual([undefined, undefined, 'erased'])
        expect((await register.totals()).removed.erased).toBe(2)
        // What was erased by prediction is found by nobody's name.
        expect(await register.eraseUser('bob')).toBe(1)
      }))
  })

  describe('withdrawn consent', () => {
    it('erases what is there, and keeps what comes later without its payload', () =>
      over(open, TASKS, async (register) => {
        await fill(register)
        expect(await register.withdrawConsent('alice')).toBe(6)
        expect(statuses(await register.appendPredictions([forUser(11, 'alice'), forUser(12, 'bob')]))).toEqual([
          'stored',
          'stored',
        ])
        const later = [
          rated(111, 11, false, { user: 'alice', comment: 'her own words' }),
          feedback(112, 12, { kind: 'harm', report: 'it hurt her', user: 'alice' }),
          rated(113, 19, true, { user: 'alice' }),
          rated(114, 12, true, { user: 'bob' }),
        ]
        expect(statuses(await register.appendFeedback(later))).toEqual(['stored', 'stored', 'orphaned', 'stored'])

        expect(await register.prediction(id(11))).toEqual(prediction(11))
        expect(await register.prediction(id(12))).toEqual(forUser(12, 'bob'))
        const kept = await Promise.all(later.map((line) => register.feedback(line.id)))
        expect(kept.map((joined) => joined?.feedback)).toEqual([
          rated(111, 11, false),
          feedback(112, 12, { kind: 'harm', report: '(erased)' }),
          rated(113, 19, true),
          later[3],
        ])
        expect(kept.map((joined) => joined?.erased)).toEqual([true, true, true, undefined])
        expect(await register.outcomesOf(id(11))).toMatchObject([{ state: 'settled', label: 'ham' }])
        expect((await register.totals()).removed).toMatchObject({ erased: 6, withheld: 4 })
        await register.appendLineage([dataSetMade('d1', [[111, 11], [112, 12], [114, 12]])]) // prettier-ignore
        expect(await lossesOf(register, 'd1')).toEqual(['erased', 'erased', undefined])
      }))

    it('takes a line that is sent again for the same, and one of other content for another', () =>
      over(open, TASKS, async (register) => {
        await register.withdrawConsent('alice')
        const line = rated(111, 1, true, { user: 'alice', comment: 'her own words' })
        await register.appendPredictions([forUser(1, 'alice'), forUser(1, 'alice')])
        expect(statuses(await register.appendFeedback([line, line, { ...line, source: 'other' }]))).toEqual([
          'stored',
          'duplicate',
          'conflict',
        ])
        expect((await register.totals()).removed).toMatchObject({ erased: 0, withheld: 2 })
      }))

    it('reaches what is just being appended: when it has been withdrawn nothing is left', () =>
      over(open, TASKS, async (register) => {
        const numbers = Array.from({ length: 60 }, (_, index) => index + 1)
        const appended = numbers.map(async (number) => {
          await register.appendPredictions([forUser(number, 'alice')])
          await register.appendFeedback([
            rated(100 + number, number, true, { user: 'alice', comment: 'her own words' }),
          ])
        })
        const gone = await register.withdrawConsent('alice')
        await Promise.all(appended)
        expect(await register.eraseUser('alice')).toBe(0)
        expect((await wholeLedger(register, 'predictions', 100)).filter(({ user }) => user === 'alice')).toEqual([])
        expect((await register.totals()).removed).toEqual({ erased: gone, withheld: 120 - gone, pruned: 0 })
      }))

    it('may be given again: then what is new is kept, and what is gone stays gone', () =>
      over(open, TASKS, async (register) => {
        await register.withdrawConsent('alice')
        expect(await register.withdrawConsent('alice')).toBe(0)
        await register.appendPredictions([forUser(1, 'alice')])
        await register.renewConsent('alice')
        await register.renewConsent('alice')
        expect(statuses(await register.appendPredictions([forUser(1, 'alice'), forUser(2, 'alice')]))).toEqual([
          'duplicate',
          'stored',
        ])
        expect(await register.prediction(id(1))).toEqual(prediction(1))
        expect(await register.prediction(id(2))).toEqual(forUser(2, 'alice'))
        expect(await register.eraseUser('alice')).toBe(1)
      }))

    it('is asked of no line that names nobody', () =>
      over(open, TASKS, async (register) => {
        await register.withdrawConsent('alice')
        await register.appendPredictions([prediction(1, { features })])
        await register.appendFeedback([rated(101, 1, true, { comment: 'somebody' })])
        expect((await register.prediction(id(1)))?.features).toEqual(features)
        expect((await register.feedback(id(101)))?.feedback.comment).toBe('somebody')
        for (const call of [register.withdrawConsent(''), register.renewConsent(7 as never)]) {
          await expect(call).rejects.toMatchObject({ code: 'invalid-argument' })
        }
      }))
  })
}

/** What is withdrawn stays withdrawn when the store is opened again. */
export function consentAfterReopening(open: OpenRegister): void {
  it('remembers who withdrew, and finds what was kept before it was closed', () =>
    over(open, TASKS, async (register, store) => {
      await register.withdrawConsent('alice')
      await register.appendPredictions([forUser(1, 'bob'), forUser(2, 'bob')])
      const again = await store.reopen()
      await again.appendPredictions([forUser(3, 'alice')])
      expect(await again.prediction(id(3))).toEqual(prediction(3))
      expect(await again.eraseUser('bob')).toBe(2)
    }))
}
