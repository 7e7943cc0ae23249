import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openOutbox, type Outbox } from '../../src/bridge/outbox.ts'
import type { Unit } from '../../src/bridge/unit.ts'
import { createSelection, type Selection, type SelectionOptions } from '../../src/selection/selection.ts'
import type { SelectionPlan } from '../../src/selection/selection-plan.ts'
import { idOf, predictionOf, StubLedger } from './predictions.ts'

const DAY = 24 * 3600 * 1000
const SECRET = 'sixteen bytes or more'

let outbox: Outbox
let ledger: StubLedger
let now = 0
beforeEach(() => {
  now = 1000
  outbox = openOutbox({ path: ':memory:', now: () => now })
  ledger = new StubLedger()
})
afterEach(() => outbox.close())

const crowd = { project: 'crowd', perRound: 10 }

const selection = (plan: Partial<SelectionPlan> = {}, options: Partial<SelectionOptions> = {}): Selection =>
  createSelection({
    register: ledger,
    outbox,
    secret: SECRET,
    plan: { task: 'spam', mix: { random: 1 }, crowd, everySeconds: 0, ...plan },
    ...options,
  })

const units = (): readonly Unit[] => outbox.units.after(0, 10_000)
const numbers = (reason: string): readonly number[] =>
  units()
    .filter((unit) => unit.reason === reason)
    .map(({ prediction }) => Number(`0x${prediction.slice(0, 32)}`) - 1)

function add(count: number, make: (number: number) => Parameters<typeof predictionOf>[1] = () => ({})): void {
  for (let number = ledger.lines.length; count > 0; count -= 1, number += 1) {
    ledger.lines.push(predictionOf(number, make(number)))
  }
}

test('a random share says of each pick with what chance it was drawn, and of each round what it stands for', async () => {
  add(40)
  expect(await selection().round()).toMatchObject({ lines: 40, picked: { crowd: { random: 10 } } })
  expect(new Set(units().map(({ propensity }) => propensity))).toEqual(new Set([0.25]))
  expect(outbox.rounds.of('spam')).toMatchObject([{ after: 0, upto: 40, eligible: 40, drawn: 10 }])
})

test('weighted by their propensities, random picks estimate the share of all within what chance allows', async () => {
  add(400)
  const truth = 200
  const estimates: number[] = []
  for (let secret = 0; secret < 200; secret += 1) {
    const other = openOutbox({ path: ':memory:', now: () => now })
    await selection({}, { outbox: other, secret: `secret number ${secret}`.padEnd(16) }).round()
    const picked = other.units.after(0, 100).filter(({ class: said }) => said === 'spam')
    estimates.push(picked.reduce((sum, { propensity = Number.NaN }) => sum + 1 / propensity, 0))
    other.close()
  }
  // Horvitz–Thompson total of a simple random sample: variance N² (1 − n/N) S² / n, with S² = p (1 − p) N / (N − 1).
  const [all, size] = [400, 10]
  const variance = (all ** 2 * (1 - size / all) * ((0.25 * all) / (all - 1))) / size
  const mean = estimates.reduce((a, b) => a + b, 0) / estimates.length
  expect(Math.abs(mean - truth)).toBeLessThan(5 * Math.sqrt(variance / estimates.length))
})

test('who is drawn does not depend on what else the mix asks for, or on what is answered', async () => {
  add(100, (number) => ({ scores: { ham: number / 100, spam: 1 - number / 100 } }))
  await selection().round()
  const alone = numbers('random')
  outbox.close()
  outbox = openOutbox({ path: ':memory:', now: () => now })
  for (const number of alone) ledger.settled.add(idOf(number))
  await selection({ mix: { random: 1, uncertainty: 1 }, crowd: { project: 'crowd', perRound: 20 } }).round()
  expect(numbers('random')).toEqual(alone)
})

test('uncertainty picks those the model is least sure of, and none whose truth is known', async () => {
  add(21, (number) => ({ scores: { ham: number / 20, spam: 1 - number / 20 } }))
  ledger.settled.add(idOf(10))
  await selection({ mix: { random: 1, uncertainty: 3 }, crowd: { project: 'crowd', perRound: 4 } }).round()
  const [drawn] = numbers('random')
  const byDistance = Array.from({ length: 21 }, (_, number) => number)
    .filter((number) => number !== 10 && number !== drawn)
    .map((number) => Math.abs(number - 10))
    .toSorted((a, b) => a - b)
  expect(
    numbers('uncertainty')
      .map((number) => Math.abs(number - 10))
      .toSorted((a, b) => a - b),
  ).toEqual(byDistance.slice(0, 3))
  expect(
    units()
      .filter(({ reason }) => reason === 'uncertainty')
      .map(({ propensity }) => propensity),
  ).toEqual([undefined, undefined, undefined])
})

test('balance evens out the classes that the model says', async () => {
  add(100, (number) => ({ value: number < 95 ? 'ham' : 'spam' }))
  await selection({ mix: { random: 1e-6, balance: 1 }, crowd: { project: 'crowd', perRound: 9 } }).round()
  const counts = outbox.units.classes('crowd')
  expect(Math.abs((counts.get('ham') ?? 0) - (counts.get('spam') ?? 0))).toBeLessThanOrEqual(1)
})

test('diversity takes one of each cluster first', async () => {
  add(60, (number) => ({ features: { x: (number % 6) * 100 + number / 1000, y: [1, 2], text: 'words' } }))
  await selection({
    mix: { random: 1e-6, diversity: 1 },
    diversity: ['x', 'y'],
    crowd: { project: 'crowd', perRound: 6 },
  }).round()
  expect(new Set([...numbers('random'), ...numbers('diversity')].map((number) => number % 6)).size).toBe(6)
})

test('critical clients and drifted slices are picked from, and nothing else under their name', async () => {
  add(90, (number) => ({ slices: { client: `c${number % 9}`, country: `x${number % 5}` } }))
  await selection(
    {
      mix: { random: 1, critical: 1, drifted: 1 },
      critical: [{ slice: 'client', value: 'c3' }],
      crowd: { project: 'crowd', perRound: 12 },
    },
    { drifted: () => [{ slice: 'country', value: 'x2' }] },
  ).round()
  expect(numbers('critical').map((number) => number % 9)).toEqual([3, 3, 3, 3])
  expect(numbers('drifted').map((number) => number % 5)).toEqual([2, 2, 2, 2])
})

test('drifted slices come from the plan as well, and a share of them that nothing names is refused', async () => {
  add(30, (number) => ({ slices: { country: `x${number % 5}` } }))
  const plan = { mix: { random: 1, drifted: 1 }, crowd: { project: 'crowd', perRound: 4 } }
  expect(() => selection(plan)).toThrow(/nothing says which slices have drifted/)
  await selection({ ...plan, drifted: [{ slice: 'country', value: 'x2' }] }).round()
  expect(numbers('drifted').map((number) => number % 5)).toEqual([2, 2])
  expect(() => selection({ ...plan, drifted: [] })).toThrow(/drifted is/)
})

test('what is private goes to experts and to nobody else', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }), async (secretive) => {
      const own = openOutbox({ path: ':memory:', now: () => now })
      ledger = new StubLedger()
      add(secretive.length, (number) => ({
        features: secretive[number] ? { iban: 'DE…' } : { text: 'hello' },
      }))
      await selection(
        { private: ['iban'], mix: { random: 1, balance: 1 }, expert: { project: 'expert', perRound: 20 } },
        { outbox: own },
      ).round()
      for (const { prediction, project } of own.units.after(0, 100)) {
        const number = Number(`0x${prediction.slice(0, 32)}`) - 1
        expect(project).toBe(secretive[number] ? 'expert' : 'crowd')
      }
      own.close()
    }),
  )
})

test('members, failures, what is closed and other tasks are not picked, and are counted', async () => {
  add(5, (number) =>
    number === 0
      ? { whole: idOf(50), parent: idOf(50) }
      : number === 1
        ? { value: undefined as never, error: 'timeout' }
        : number === 2
          ? { time: -60 * DAY }
          : number === 3
            ? { task: { ...predictionOf(0).task, name: 'other' } }
            : {},
  )
  expect(await selection().round()).toMatchObject({
    ineligible: { member: 1, failed: 1, closed: 1, 'other-task': 1 },
    picked: { crowd: { random: 1 } },
  })
})

test('a round is due after its time, and while the budget of a day lasts', async () => {
  const { round } = selection({
    everySeconds: 3600,
    crowd: { project: 'crowd', perRound: 10, perDay: 15 },
  })
  add(20)
  expect(await round()).toMatchObject({ picked: { crowd: { random: 10 } } })
  add(20)
  expect(await round()).toBeUndefined()
  now += 3600_000
  expect(await round()).toMatchObject({ lines: 20, picked: { crowd: { random: 5 } } })
  add(20)
  now += 3600_000
  expect(await round()).toBeUndefined()
  now += DAY
  // What waited has its chance then.
  expect(await round()).toMatchObject({ lines: 20, picked: { crowd: { random: 10 } } })
})

test('a round looks at no more lines than its window, and the next goes on behind them', async () => {
  add(25)
  const { round } = selection({ window: 10 })
  const lines: (number | undefined)[] = []
  for (let time = 0; time < 4; time += 1) lines.push((await round())?.lines)
  expect(lines).toEqual([10, 10, 5, undefined])
  expect(units()).toHaveLength(25)
  expect(ledger.acknowledged).toBe(25)
})

test('a round that fails picks nothing; done again, each prediction is looked at once', async () => {
  add(30)
  const failing = {
    ...outbox,
    write: () => {
      throw new Error('died')
    },
  }
  await expect(selection({}, { outbox: failing }).round()).rejects.toThrow('died')
  expect(units()).toEqual([])
  expect(ledger.acknowledged).toBe(0)
  await selection().round()
  const advance = ledger.advance
  ledger.advance = () => Promise.reject(new Error('register gone'))
  add(30)
  await expect(selection().round()).rejects.toThrow('register gone')
  ledger.advance = advance
  expect(await selection().round()).toBeUndefined()
  expect(outbox.rounds.of('spam').map(({ after, upto }) => [after, upto])).toEqual([
    [0, 30],
    [30, 60],
  ])
})

test.each<[string, Partial<SelectionPlan> | { readonly mix: unknown }, string]>([
  ['no random share', { mix: { random: 0, uncertainty: 1 } }, 'no share of it is random'],
  ['a share left out', { mix: { uncertainty: 1 } as never }, 'no share of it is random'],
  ['an unknown strategy', { mix: { random: 1, luck: 1 } as never }, 'strategy "luck" is unknown'],
  ['a negative weight', { mix: { random: 1, balance: -1 } }, 'weight of balance'],
  ['diversity without features', { mix: { random: 1, diversity: 1 } }, 'diversity has no features'],
  ['critical without slices', { mix: { random: 1, critical: 1 } }, 'critical has no slices'],
  ['private without experts', { private: ['iban'] }, 'Name an expert project'],
  ['a crowd for what is all private', { private: true, expert: { project: 'expert', perRound: 1 } }, 'Leave out crowd'],
  ['a budget of nothing', { crowd: { project: 'crowd', perRound: 0 } }, 'perRound of crowd'],
  ['no project', { crowd: undefined as never }, 'have nowhere to go'],
])('a plan with %s is refused', (_, wrong, words) => {
  expect(() => selection(wrong as Partial<SelectionPlan>)).toThrow(
    expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining(words) }),
  )
})
