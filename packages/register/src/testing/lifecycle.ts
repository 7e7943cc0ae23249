import { defineTask, GroundtraceError, type Count, type Register, type Task } from '@groundtrace/core'
import { describe, expect, it } from 'vitest'
import { DAY, dataSetMade, id, prediction, rated, SPAM, START, statuses, TASKS, wholeLedger } from './fixtures.ts'
import { consentAfterReopening } from './consent.ts'
import { pruningAfterReopening } from './pruning.ts'
import { over, type OpenRegister } from './under-test.ts'

/** One call of every method. */
const CALLS: Readonly<Record<Exclude<keyof Register, 'capabilities' | 'close'>, (r: Register) => Promise<unknown>>> = {
  appendPredictions: (r) => r.appendPredictions([prediction(1)]),
  appendFeedback: (r) => r.appendFeedback([rated(101, 1, true)]),
  appendLineage: (r) => r.appendLineage([dataSetMade('d1', [])]),
  closeHorizons: (r) => r.closeHorizons({ now: START }),
  prediction: (r) => r.prediction(id(1)),
  feedbackOn: (r) => r.feedbackOn(id(1)),
  feedback: (r) => r.feedback(id(1)),
  waiting: (r) => r.waiting({ after: 0 }),
  outcomesOf: (r) => r.outcomesOf(id(1)),
  predictionsOfTrace: (r) => r.predictionsOfTrace('a'.repeat(32)),
  predictionsInside: (r) => r.predictionsInside(id(1)),
  lineageOf: (r) => r.lineageOf(id(1)),
  dataSet: (r) => r.dataSet('d1'),
  versions: (r) => r.versions(),
  tasks: (r) => r.tasks(),
  read: (r) => r.read('predictions', { after: 0 }),
  advance: (r) => r.advance('a', 'predictions', () => []),
  counts: (r) => r.counts(),
  totals: (r) => r.totals(),
  recordLoss: (r) => r.recordLoss({ reason: 1 }),
  erase: (r) => r.erase([id(1)]),
  eraseUser: (r) => r.eraseUser('somebody'),
  withdrawConsent: (r) => r.withdrawConsent('somebody'),
  renewConsent: (r) => r.renewConsent('somebody'),
  prune: (r) => r.prune({ before: START }),
}

const NONSENSE: readonly (readonly [what: string, call: (r: Register) => Promise<unknown>])[] = [
  ['predictions that are no list', (r) => r.appendPredictions(prediction(1) as never)],
  ['feedback that is no list', (r) => r.appendFeedback(undefined as never)],
  ['lineage that is no list', (r) => r.appendLineage('x' as never)],
  ['a closing without a time', (r) => r.closeHorizons({} as never)],
  ['a closing without anything', (r) => r.closeHorizons(undefined as never)],
  ['a closing of none', (r) => r.closeHorizons({ now: START, limit: 0 })],
  ['an ID that is none', (r) => r.prediction('nonsense' as never)],
  ['feedback on an ID that is none', (r) => r.feedbackOn(undefined as never)],
  ['a feedback ID that is none', (r) => r.feedback(` ${id(1)}` as never)],
  ['what waits from no place on', (r) => r.waiting(undefined as never)],
  ['what waits for no ID', (r) => r.waiting({ after: 0, prediction: 'nonsense' as never })],
  ['outcomes of no ID', (r) => r.outcomesOf(7 as never)],
  ['what is inside of no ID', (r) => r.predictionsInside('nonsense' as never)],
  ['lineage of no ID', (r) => r.lineageOf(null as never)],
  ['a trace that is none', (r) => r.predictionsOfTrace('%')],
  ['a trace in a list', (r) => r.predictionsOfTrace(['a'.repeat(32)] as never)],
  ['a data set without a name', (r) => r.dataSet(undefined as never)],
  ['a ledger that is none', (r) => r.read('nonsense' as never, { after: 0 })],
  ['a page without a beginning', (r) => r.read('predictions', undefined as never)],
  ['a page of half a line', (r) => r.read('predictions', { after: 0, limit: 0.5 })],
  ['a position below 0', (r) => r.read('predictions', { after: -1 })],
  ['a cursor without a name', (r) => r.advance('', 'predictions', () => [])],
  ['a cursor that counts nothing', (r) => r.advance('a', 'predictions', undefined as never)],
  ['a loss that is none', (r) => r.recordLoss({ reason: -1 })],
  ['a loss without reason', (r) => r.recordLoss({ 'a free text!': 1 })],
  ['an erasure of no list', (r) => r.erase(id(1) as never)],
  ['an erasure of nobody', (r) => r.eraseUser(undefined as never)],
  ['a withdrawal of nobody', (r) => r.withdrawConsent('')],
  ['a renewal of nobody', (r) => r.renewConsent(null as never)],
  ['a pruning of everything', (r) => r.prune(undefined as never)],
  ['a pruning before no time', (r) => r.prune({ before: Number.NaN })],
  ['a pruning of a task without a name', (r) => r.prune({ before: START, task: '' })],
  ['a pruning of none', (r) => r.prune({ before: START, limit: 0 })],
]

/** Opening, closing, and what is asked in a way that makes no sense. */
export function lifecycleCases(open: OpenRegister): void {
  describe('its life', () => {
    it.each(Object.entries(CALLS))('answers no %s after it was closed', (_, call) =>
      over(open, TASKS, async (register) => {
        await register.close()
        await expect(call(register)).rejects.toMatchObject({ code: 'register-closed' })
      }),
    )

    it('closes twice without complaint', () =>
      over(open, TASKS, async (register) => {
        await register.close()
        await expect(register.close()).resolves.toBeUndefined()
      }))

    it.each(NONSENSE)('meets %s with an error that says what to do', (_, call) =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1)])
        const error: unknown = await call(register).then(
          () => undefined,
          (reason: unknown) => reason,
        )
        expect(GroundtraceError.isInstance(error) && error.message).toMatch(/\. .+\.$/)
        expect(error).toMatchObject({ code: expect.stringMatching(/^invalid-(argument|tracking-id)$/) })
      }),
    )

    it('starts with nothing', () =>
      over(open, TASKS, async (register) => {
        expect(await register.totals()).toEqual({
          predictions: 0,
          members: 0,
          feedback: { stored: 0, orphaned: 0, held: 0, duplicate: 0, conflict: 0, rejected: 0 },
          outcomes: { settled: 0, contested: 0, retracted: 0, expired: 0, censored: 0 },
          open: 0,
          removed: { erased: 0, withheld: 0, pruned: 0 },
          loss: {},
        })
        expect(await register.prediction(id(1))).toBeUndefined()
        expect(await register.feedback(id(1))).toBeUndefined()
        expect(await register.outcomesOf(id(1))).toEqual([])
        expect(await register.closeHorizons({ now: START })).toBe(0)
      }))

    it('adds up what was lost, by reason', () =>
      over(open, TASKS, async (register) => {
        await register.recordLoss({ 'queue-full': 2, 'invalid-event': 1 })
        await register.recordLoss({ 'queue-full': 3, nothing: 0 })
        expect((await register.totals()).loss).toEqual({ 'queue-full': 5, 'invalid-event': 1 })
      }))

    it('takes calls that overlap', () =>
      over(open, TASKS, async (register) => {
        const numbers = Array.from({ length: 50 }, (_, index) => index + 1)
        const answers = await Promise.all([
          ...numbers.map(async (number) => await register.appendPredictions([prediction(number)])),
          ...numbers.map(async (number) => await register.appendFeedback([rated(100 + number, number, true)])),
        ])
        expect(answers.flat()).toHaveLength(100)
        expect(await register.totals()).toMatchObject({ predictions: 50, feedback: { stored: 50, orphaned: 0 } })
      }))
  })
}

const count = (): readonly Count[] => [{ name: 'seen', labels: {}, value: 1 }]

/** What a register that is kept finds again when it is opened again. */
export function reopeningCases(open: OpenRegister): void {
  describe('opened again', () => {
    it('finds everything it acknowledged, and goes on from there', () =>
      over(open, TASKS, async (register, store) => {
        await register.appendPredictions([prediction(1, { features: { a: 1 } }), prediction(2)])
        await register.appendFeedback([rated(101, 1, true), rated(109, 9, true), rated(101, 1, true)])
        await register.appendLineage([dataSetMade('d1', [[101, 1]])])
        await register.recordLoss({ 'queue-full': 2 })
        await register.advance('a', 'predictions', count, 1)
        const [totals, versions, counts] = [await register.totals(), await register.versions(), await register.counts()]
        const outcomes = await wholeLedger(register, 'outcomes')

        const again = await store.reopen()
        expect(await again.totals()).toEqual(totals)
        expect(await again.versions()).toEqual(versions)
        expect(await again.counts()).toEqual(counts)
        expect(await wholeLedger(again, 'outcomes')).toEqual(outcomes)
        expect(await again.prediction(id(1))).toEqual(prediction(1, { features: { a: 1 } }))
        expect(await again.dataSet('d1')).toEqual(dataSetMade('d1', [[101, 1]]))
        expect(await again.advance('a', 'predictions', count, 5)).toBe(1)
        await again.appendPredictions([prediction(9)])
        expect((await again.feedback(id(109)))?.status).toBe('stored')
        expect(statuses(await again.appendPredictions([prediction(2)]))).toEqual(['duplicate'])
      }))

    consentAfterReopening(open)
    pruningAfterReopening(open)

    it('knows its tasks without being told', () =>
      over(open, TASKS, async (register, store) => {
        await register.appendPredictions([prediction(1)])
        const again = await store.reopen([])
        expect((await again.prediction(id(1)))?.task).toEqual(SPAM)
        await again.appendFeedback([rated(101, 1, false)])
        expect(await again.outcomesOf(id(1))).toMatchObject([{ label: 'ham' }])
      }))

    it('keeps the horizon that a prediction was made with, and takes the rest from the newest definition', () =>
      over(open, TASKS, async (register, store) => {
        await register.appendPredictions([prediction(1)])
        const newer = defineTask({ ...SPAM, horizonSeconds: (3 * DAY) / 1000, gainfulSources: ['recipient'] })
        const again = await store.reopen([newer])
        expect((await again.prediction(id(1)))?.task).toEqual({ ...newer, horizonSeconds: SPAM.horizonSeconds })
        await again.appendPredictions([prediction(2, { task: newer })])
        await again.appendFeedback([rated(101, 1, false)])
        expect((await again.feedback(id(101)))?.status).toBe('held')
        expect(await again.closeHorizons({ now: prediction(2).time + DAY })).toBe(1)
        expect(await again.outcomesOf(id(2))).toEqual([])
        expect(await again.closeHorizons({ now: prediction(2).time + 3 * DAY })).toBe(1)
        expect(await again.outcomesOf(id(2))).toMatchObject([{ time: prediction(2).time + 3 * DAY }])
      }))

    it('takes tasks that predictions bring up to a thousand, and those that are declared beyond', () =>
      over(open, TASKS, async (register, store) => {
        const brought = Array.from({ length: 1001 - TASKS.length }, (_, index) =>
          defineTask({ name: `task-${index}`, kind: 'regression' }),
        )
        const receipts = await register.appendPredictions([
          ...brought.map((task, index) => prediction(index + 1, { task, value: 1 })),
          prediction(2000),
        ])
        const refused = receipts.findIndex(({ status }) => status !== 'stored')
        expect(statuses(receipts).filter((status) => status === 'stored')).toHaveLength(1001 - TASKS.length)
        expect(receipts[refused]?.reason).toMatch(/has 1000 tasks, and "task-\d+" is none of them\. Declare it/)
        const task = brought[refused] as Task
        const again = await store.reopen([...TASKS, task])
        expect(statuses(await again.appendPredictions([prediction(3000, { task, value: 1 })]))).toEqual(['stored'])
      }))

    it.each([
      ['kind', defineTask({ name: 'spam', kind: 'regression' })],
      ['classes', defineTask({ name: 'spam', kind: 'binary', classes: ['spam', 'ham'] })],
      ['having classes', defineTask({ name: 'spam', kind: 'binary' })],
    ])('refuses a task whose %s changed', (_, changed) =>
      over(open, TASKS, async (register, store) => {
        await register.appendPredictions([prediction(1)])
        await expect(store.reopen([changed])).rejects.toMatchObject({ code: 'invalid-task' })
        expect((await (await store.reopen()).prediction(id(1)))?.task).toEqual(SPAM)
      }),
    )
  })
}
