import { accuracyDrift, type DatedAnswer, seededRandom, wilsonInterval } from '@groundtrace/statistics'
import { describe, expect, test } from 'vitest'
import { refusal } from '../refusal.ts'

/** Answers of each rater in each period, right with these shares. */
function answersOf(seed: string, perPeriod: number, skills: readonly (readonly number[])[]): DatedAnswer[] {
  const random = seededRandom(seed)
  return skills.flatMap((periods, rater) =>
    periods.flatMap((skill, period) =>
      Array.from({ length: perPeriod }, () => ({ rater, period, value: random() < skill ? 1 : 0, truth: 1 })),
    ),
  )
}

const steady = Array.from({ length: 8 }, () => [0.9, 0.9, 0.9])

test('nobody drifted where nobody changed, but for as many as the level allows', () => {
  const runs = 200
  const alarms = Array.from({ length: runs }, (_, run) => accuracyDrift(answersOf(`none ${run}`, 60, steady)))
  const false_ = alarms.filter((drift) => drift?.verdict !== 'none').length
  // At most 5 % of 200; 21 are exceeded with probability 0.001.
  expect(false_).toBeLessThanOrEqual(21)
})

test('one drifted who does worse while the others do as before', () => {
  const runs = Array.from({ length: 100 }, (_, run) =>
    accuracyDrift(answersOf(`one ${run}`, 150, [[0.9, 0.9, 0.6], ...steady])),
  )
  // A change of 0.3 has a standard error below 0.05, so it is always seen. In at most 5 % of the runs something else is
  // seen besides; 13 of 100 are exceeded with probability 0.0005.
  expect(runs.every((drift) => drift?.drifted.includes(0))).toBe(true)
  const clear = runs.filter((drift) => drift?.verdict === 'raters' && drift.drifted.length === 1)
  expect(clear.length).toBeGreaterThanOrEqual(87)
  const [first] = clear
  expect(first).toMatchObject({ current: 2, drifted: [0] })
  expect(first?.raters[0]?.alone?.interval[1]).toBeLessThan(0)
  expect(first?.common?.interval[0]).toBeLessThan(0)
  expect(first?.common?.interval[1]).toBeGreaterThan(0)
})

test('many drifted where all do worse, and then nobody in particular', () => {
  const drift = accuracyDrift(
    answersOf(
      'many',
      150,
      steady.map(() => [0.9, 0.9, 0.7]),
    ),
  )
  expect(drift).toMatchObject({ verdict: 'many', drifted: [] })
  expect(drift?.common?.value).toBeCloseTo(-0.2, 1)
})

test('both are told apart: all do worse, and one better', () => {
  const drift = accuracyDrift(answersOf('both', 200, [[0.7, 0.7, 0.95], ...steady.map(() => [0.9, 0.9, 0.7])]))
  expect(drift).toMatchObject({ verdict: 'many', drifted: [0] })
  expect(drift?.raters[0]?.alone?.value).toBeGreaterThan(0.3)
})

test('shows every period with its counts', () => {
  const drift = accuracyDrift(answersOf('counts', 30, [[1, 0], ...steady.slice(0, 2).map(() => [1, 1])]))
  expect(drift?.raters[0]?.periods).toEqual([
    { period: 0, answers: 30, right: 30, interval: wilsonInterval(30, 30) },
    { period: 1, answers: 30, right: 0, interval: wilsonInterval(0, 30) },
  ])
  // 0 less 1, and the median of the others is 0.
  expect(drift?.raters[0]?.alone?.value).toBe(-1)
})

describe('is unknown', () => {
  test('with fewer than three raters to compare', () => {
    const two = answersOf('two', 100, [
      [0.9, 0.5],
      [0.9, 0.9],
    ])
    expect(accuracyDrift(two)).toMatchObject({ verdict: 'unknown', drifted: [], common: undefined })
    // A third has too few answers, and so have all in a first period.
    expect(
      accuracyDrift([...two, ...answersOf('third', 19, [[1, 1]]).map((row) => ({ ...row, rater: 'new' }))]),
    ).toMatchObject({
      verdict: 'unknown',
    })
    expect(accuracyDrift(answersOf('first', 100, steady), { current: 0 })).toMatchObject({
      verdict: 'unknown',
      current: 0,
    })
  })

  test('and there is nothing to say of no answers', () => {
    expect(accuracyDrift([])).toBeUndefined()
  })
})

test('compares with what came before the period that is asked for', () => {
  const answers = answersOf('later', 150, [[0.9, 0.6, 0.9], ...steady])
  expect(accuracyDrift(answers, { current: 1 })).toMatchObject({ verdict: 'raters', drifted: [0] })
})

test('refuses a period that nobody answered in, and rows without one', () => {
  const answers = answersOf('bad', 5, steady)
  expect(() => accuracyDrift(answers, { current: 9 })).toThrow(refusal('invalid-argument', /current is 9/))
  expect(() => accuracyDrift([{ rater: 1, value: 1, truth: 1 } as never])).toThrow(
    refusal('invalid-argument', /answers\[0\]\.period is undefined/),
  )
  expect(() => accuracyDrift(answers, { least: 0 })).toThrow(refusal('invalid-argument', /least is 0/))
})
