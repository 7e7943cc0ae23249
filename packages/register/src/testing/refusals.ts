import { defineTask, type Policy, type Prediction } from '@groundtrace/core'
import { describe, expect, it } from 'vitest'
import { DAY, dataSetMade, id, prediction, rated, statuses, TASKS, TOPIC } from './fixtures.ts'
import { over, type OpenRegister } from './under-test.ts'

/** A prediction one field of which is right when it is looked at first, and no data afterwards. */
function changing(number: number, field: keyof Prediction): Prediction {
  let looks = 0
  const get = (target: Prediction, name: string): unknown => {
    if (name !== field) return target[name as keyof Prediction]
    looks += 1
    return looks === 1 ? target[field] : () => looks
  }
  return new Proxy(prediction(number), { get })
}

/** A list with a hole before the line. */
const holey = <Line>(line: Line): readonly Line[] => Object.assign(Array<Line>(2), { 1: line })

/** Lines that can't be used: each is refused with its reason, and harms none beside it. */
export function refusalCases(open: OpenRegister): void {
  describe('refusing', () => {
    it('answers every line in order, and bad lines never harm good ones beside them', () =>
      over(open, TASKS, async (register) => {
        const receipts = await register.appendPredictions([
          prediction(1),
          null as unknown as Prediction,
          prediction(2, { value: 'neither' }),
          prediction(3, { task: { ...TOPIC, kind: 'binary', classes: ['sport', 'arts'] }, value: 'arts' }),
          prediction(4, { policy: { action: 1n } as unknown as Policy }),
          prediction(5),
        ])
        expect(statuses(receipts)).toEqual(['stored', 'rejected', 'rejected', 'rejected', 'rejected', 'stored'])
        expect(receipts.map((receipt) => receipt.id)).toEqual([id(1), '', id(2), id(3), id(4), id(5)])
        for (const receipt of receipts.slice(1, 5)) expect(receipt.reason).toMatch(/\. .+\.$/)
        expect((await register.totals()).predictions).toBe(2)

        const feedbackReceipts = await register.appendFeedback([
          rated(101, 1, true, { source: '' }),
          rated(102, 1, true),
          undefined as never,
        ])
        expect(statuses(feedbackReceipts)).toEqual(['rejected', 'stored', 'rejected'])
        const lineage = await register.appendLineage([
          { kind: 'nonsense' } as never,
          dataSetMade('d1', [[101, 1]]),
          null as never,
        ])
        expect(statuses(lineage)).toEqual(['rejected', 'stored', 'rejected'])
      }))

    it('refuses a prediction whose time is in another unit, and takes one that is old or a little ahead', () =>
      over(open, TASKS, async (register) => {
        const now = Date.now()
        const times = [now * 1000, now + 2 * DAY, Date.UTC(2000, 0, 1), now + DAY / 2]
        const receipts = await register.appendPredictions(
          times.map((time, index) => Object.freeze(prediction(index + 1, { time }))),
        )
        expect(statuses(receipts)).toEqual(['rejected', 'rejected', 'stored', 'stored'])
        for (const refused of receipts.slice(0, 2)) {
          expect(refused.reason).toMatch(/seconds ahead of the clock here\. Pass milliseconds since 1970/)
        }
        expect((await register.totals()).predictions).toBe(2)
      }))

    it('refuses what can not be read and what says another thing to each look, and stores what is beside it', () =>
      over(open, TASKS, async (register) => {
        const throwing = new Proxy(prediction(1), {
          get() {
            throw new Error('no')
          },
        })
        const silent = prediction(2, { scores: Object.create({ toJSON: () => undefined }) as Record<string, number> })
        const fields = ['id', 'task', 'model', 'time', 'value'] as const
        const receipts = await register.appendPredictions([
          throwing,
          silent,
          ...fields.map((field, index) => changing(10 + index, field)),
          prediction(20),
        ])
        // What was read first counts.
        expect(statuses(receipts)).toEqual(['rejected', 'rejected', ...fields.map(() => 'stored'), 'stored'])
        expect(receipts[0]).toMatchObject({ id: '', reason: "It can't be read. Pass plain data." })
        expect(receipts[1]?.reason).toMatch(/can't be kept as JSON\. Pass plain data/)
        for (const number of [10, 11, 12, 13, 14, 20]) {
          expect(await register.prediction(id(number))).toEqual(prediction(number))
        }
      }))

    it('answers a hole in a list as a line that is none', () =>
      over(open, TASKS, async (register) => {
        const receipts = [
          ...(await register.appendPredictions(holey(prediction(1)))),
          ...(await register.appendFeedback(holey(rated(101, 1, true)))),
          ...(await register.appendLineage(holey(dataSetMade('d1', [[101, 1]])))),
        ]
        const both = ['rejected', 'stored']
        expect(receipts.map((receipt) => receipt?.status)).toEqual([...both, ...both, ...both])
        await expect(register.erase(holey(id(1)))).rejects.toMatchObject({ code: 'invalid-tracking-id' })
      }))

    it('rejects a value outside the declared classes, also from one who does not know them', () =>
      over(open, TASKS, async (register) => {
        const unaware = defineTask({ name: 'topic', kind: 'multiclass' })
        const lines = ['arts', 'eggs'].map((value, index) => prediction(index + 1, { task: unaware, value }))
        const receipts = await register.appendPredictions(lines)
        expect(statuses(receipts)).toEqual(['stored', 'rejected'])
        expect(receipts[1]?.reason).toContain('eggs')
        expect((await register.prediction(id(1)))?.task.classes).toEqual(TOPIC.classes)
      }))
  })
}
