import type { Feedback, Receipt, Register } from '@groundtrace/core'
import { describe, expect, it } from 'vitest'
import { openSqliteRegister } from '../../src/index.ts'
import { DAY, feedback, id, prediction, rated, START, statuses, TASKS } from '../../src/testing/fixtures.ts'

const numbers = (from: number, count: number): readonly number[] => Array.from({ length: count }, (_, n) => from + n)
const accepted = (receipts: readonly Receipt[]): number =>
  receipts.filter(({ status }) => status === 'stored' || status === 'orphaned').length

const byKey = (number: number, entity: string): Feedback => rated(number, 1, true, { target: { entity, task: 'spam' } })

async function flooded(register: Register, lines: readonly Feedback[]): Promise<number> {
  return accepted(await register.appendFeedback(lines))
}

/** The caps are stated in the README. */
describe('a flood of feedback', () => {
  it('is cut off at 1,000 answers on one prediction, says so and counts it, and the verdict still comes', async () => {
    const register = openSqliteRegister({ path: ':memory:', tasks: TASKS })
    await register.appendPredictions([prediction(1), prediction(2)])
    const lines = numbers(10_000, 1200).map((number) => rated(number, 1, number % 2 === 0))
    expect(await flooded(register, lines)).toBe(1000)
    const receipts = await register.appendFeedback([rated(101, 1, true), rated(102, 2, true)])
    expect(receipts).toMatchObject([{ status: 'rejected', reason: /takes no more\. Look/ }, { status: 'stored' }])
    expect((await register.totals()).feedback).toMatchObject({ stored: 1001, rejected: 201 })
    expect(await register.closeHorizons({ now: START + 9 * DAY })).toBe(2)
    expect((await register.outcomesOf(id(1))).at(-1)).toMatchObject({ state: 'contested', phase: 'horizon' })
  })

  it('takes clicks beyond that, up to 10,000 lines in all', async () => {
    const register = openSqliteRegister({ path: ':memory:', tasks: TASKS })
    await register.appendPredictions([prediction(1)])
    const clicks = numbers(10_000, 9_999).map((number) => feedback(number, 1, { kind: 'action', action: 'click' }))
    expect(await flooded(register, clicks)).toBe(9_999)
    expect(await flooded(register, [rated(101, 1, true), rated(102, 1, true)])).toBe(1)
    expect(await register.outcomesOf(id(1))).toMatchObject([{ state: 'settled', evidence: [id(101)] }])
  })

  it('fills the pen with no more than 1,000 lines for one prediction or key', async () => {
    const register = openSqliteRegister({ path: ':memory:', tasks: TASKS })
    expect(
      await flooded(
        register,
        numbers(10_000, 1100).map((number) => rated(number, 1, true)),
      ),
    ).toBe(1000)
    expect(
      await flooded(
        register,
        numbers(20_000, 1100).map((number) => byKey(number, 'order-7')),
      ),
    ).toBe(1000)
    const receipts = await register.appendFeedback([byKey(101, 'order-7'), byKey(102, 'order-8'), rated(103, 3, true)])
    expect(statuses(receipts)).toEqual(['rejected', 'orphaned', 'orphaned'])
    expect(receipts[0]?.reason).toMatch(/wait for this prediction already\. Send/)
    expect((await register.totals()).feedback).toMatchObject({ orphaned: 2002, rejected: 201 })
  })
})

describe('feedback whose prediction never comes', () => {
  it('goes when it has waited for as long as it may, payload and all, and is counted', async () => {
    let time = START + DAY
    const register = openSqliteRegister({ path: ':memory:', tasks: TASKS, now: () => time, orphanSeconds: 60 })
    await register.appendFeedback([rated(101, 1, true, { user: 'alice', time: 0 }), rated(102, 2, true)])
    time += 60_000
    await register.appendFeedback([rated(103, 3, true)])
    await register.closeHorizons({ now: START })
    expect((await register.totals()).feedback.orphaned).toBe(3)
    time += 1
    await register.closeHorizons({ now: START })
    expect(await register.totals()).toMatchObject({ feedback: { orphaned: 1 }, loss: { 'orphan-expired': 2 } })
    expect(await register.feedback(id(101))).toBeUndefined()
    // Nothing was left to erase.
    expect(await register.erase([id(1)])).toBe(0)
    await register.appendPredictions([prediction(1), prediction(3)])
    expect((await register.totals()).feedback).toMatchObject({ stored: 1, orphaned: 0 })
  })
})
