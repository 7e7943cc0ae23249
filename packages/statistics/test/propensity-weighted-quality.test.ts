import { propensityWeightedPrecision, propensityWeightedRecall, wilsonInterval } from '@groundtrace/statistics'
import { describe, expect, test } from 'vitest'
import { LIVE, type StratumRow, strataOf, unitsOf, ways } from './revealed-units.ts'

const NOTHING = { estimate: undefined, interval: undefined, effectiveSampleSize: 0 }

describe('the estimates', () => {
  test('are the stratified ones, by exact arithmetic', () => {
    // (600 · 120/150 + 300 · 29/30 + 400 · 12/12) / 1300 = 1170 / 1300; missed 4000 / 120.
    const options = { strata: strataOf(LIVE) }
    expect(propensityWeightedPrecision(unitsOf(LIVE), options).estimate).toBeCloseTo(1170 / 1300, 12)
    expect(propensityWeightedRecall(unitsOf(LIVE), options).estimate).toBeCloseTo(1170 / (1170 + 4000 / 120), 12)
  })

  test('without strata are ratios of sums of 1 / propensity', () => {
    const found = 120 / 0.25 + 29 / 0.1 + 12 / 0.03
    const blocked = 150 / 0.25 + 30 / 0.1 + 12 / 0.03
    expect(propensityWeightedPrecision(unitsOf(LIVE)).estimate).toBeCloseTo(found / blocked, 12)
    expect(propensityWeightedRecall(unitsOf(LIVE)).estimate).toBeCloseTo(found / (found + 1 / 0.03), 12)
  })

  test('with strata follow the sizes, not the propensities, where chance revealed more or fewer than expected', () => {
    // 300 · 8/10 + 100 · 1/10 of 400, though 10 / .03 stands for 333 and 10 / .25 for 40.
    const list: StratumRow[] = [
      { predicted: true, propensity: 0.03, count: 300, revealed: 10, positive: 8 },
      { predicted: true, propensity: 0.25, count: 100, revealed: 10, positive: 1 },
    ]
    expect(propensityWeightedPrecision(unitsOf(list), { strata: strataOf(list) }).estimate).toBeCloseTo(250 / 400, 12)
  })

  test('count effective units by Kish: of all blocked for precision, of the positive ones for recall', () => {
    const { effectiveSampleSize } = propensityWeightedPrecision(unitsOf(LIVE), { strata: strataOf(LIVE) })
    // Weights 4, 10 and 100/3 for 150, 30 and 12 units.
    const squares = 150 * 16 + 30 * 100 + (12 * 10_000) / 9
    expect(effectiveSampleSize).toBeCloseTo(1300 ** 2 / squares, 9)
    const positiveSquares = 120 * 16 + 29 * 100 + (13 * 10_000) / 9
    expect(propensityWeightedRecall(unitsOf(LIVE)).effectiveSampleSize).toBeCloseTo(
      (480 + 290 + 1300 / 3) ** 2 / positiveSquares,
      9,
    )
  })

  test('say how many units they rest on', () => {
    expect(propensityWeightedPrecision(unitsOf(LIVE))).toMatchObject({ revealed: 192, unrevealed: 0 })
    expect(propensityWeightedRecall(unitsOf(LIVE))).toMatchObject({ revealed: 312, unrevealed: 0 })
  })
})

describe('the intervals', () => {
  test('are those of an independent calculation', () => {
    // SciPy 1.17: beta quantiles, sizes and MOVER's ratio by root finding instead of closed forms. As the one missed unit
    // may be all there is (.03 > .025), recall goes up to B / (B + 1) with the upper limit of B.
    const options = { strata: strataOf(LIVE) }
    const precision = propensityWeightedPrecision(unitsOf(LIVE), options).interval
    expect(precision?.[0]).toBeCloseTo(0.8242112351252887, 10)
    expect(precision?.[1]).toBeCloseTo(0.9245110681922698, 10)
    const recall = propensityWeightedRecall(unitsOf(LIVE), options).interval
    expect(recall?.[0]).toBeCloseTo(0.8784751250809808, 10)
    expect(recall?.[1]).toBeCloseTo(0.9991686510886548, 10)
    const ratio = propensityWeightedPrecision(unitsOf(LIVE)).interval
    expect(ratio?.[0]).toBeCloseTo(0.8232834960675647, 9)
    expect(ratio?.[1]).toBeCloseTo(0.9298272436390645, 9)
    const recallRatio = propensityWeightedRecall(unitsOf(LIVE)).interval
    expect(recallRatio?.[0]).toBeCloseTo(0.8748088507731485, 9)
    expect(recallRatio?.[1]).toBeCloseTo(0.9993264068902932, 9)
  })

  test('of one large stratum are close to Wilson’s', () => {
    const row = { predicted: true, propensity: 0.001, count: 1e6, revealed: 1000, positive: 700 }
    const { interval } = propensityWeightedPrecision(unitsOf([row]), { strata: strataOf([row]) })
    const [low, high] = wilsonInterval(700, 1000)
    expect(interval?.[0]).toBeCloseTo(low, 2.5)
    expect(interval?.[1]).toBeCloseTo(high, 2.5)
  })

  test('are points once everything is revealed', () => {
    const all = LIVE.map((row) => ({ ...row, propensity: 1 / row.count, count: row.revealed }))
    const options = { strata: strataOf(all) }
    expect(propensityWeightedPrecision(unitsOf(all), options).interval).toEqual([
      expect.closeTo(161 / 192, 12),
      expect.closeTo(161 / 192, 12),
    ])
    expect(propensityWeightedRecall(unitsOf(all), options).interval).toEqual([
      expect.closeTo(161 / 162, 12),
      expect.closeTo(161 / 162, 12),
    ])
  })

  test('have a width where all that was revealed was right, and where the audit found nothing', () => {
    const right = LIVE.map((row) => ({ ...row, positive: row.predicted ? row.revealed : 0 }))
    for (const options of ways(right)) {
      const precision = propensityWeightedPrecision(unitsOf(right), options)
      expect(precision.estimate).toBe(1)
      expect(precision.interval?.[0]).toBeLessThan(0.97)
      expect(precision.interval?.[1]).toBe(1)
      const recall = propensityWeightedRecall(unitsOf(right), options)
      expect(recall.estimate).toBe(1)
      // With 120 of 4,000 audited, "rule of three": about 100 may be missed, next to 1,300 found.
      expect(recall.interval?.[0]).toBeLessThan(0.96)
      expect(recall.interval?.[1]).toBe(1)
    }
  })

  test('reach down to what was seen, where seeing all there is is not rare', () => {
    // Two wrong units seen at .5 and .25: with probability .125 they are all there are, so 98 of 100 is possible.
    const list: StratumRow[] = [
      { predicted: true, propensity: 0.5, count: 60, revealed: 30, positive: 29 },
      { predicted: true, propensity: 0.25, count: 40, revealed: 10, positive: 9 },
    ]
    const mirrored = list.map((row) => ({ ...row, positive: row.revealed - row.positive }))
    expect(propensityWeightedPrecision(unitsOf(list), { strata: strataOf(list) }).interval?.[1]).toBeCloseTo(0.98, 12)
    expect(propensityWeightedPrecision(unitsOf(mirrored), { strata: strataOf(mirrored) }).interval?.[0]).toBeCloseTo(
      0.02,
      12,
    )
  })

  test('widen with the level', () => {
    const at = [0.8, 0.9, 0.95, 0.99].map((level) => {
      const { interval = [0, 0] } = propensityWeightedRecall(unitsOf(LIVE), { strata: strataOf(LIVE), level })
      return interval[1] - interval[0]
    })
    expect(at).toEqual(at.toSorted((a, b) => a - b))
    expect(new Set(at).size).toBe(4)
  })
})

describe('a stratum of which nothing was revealed', () => {
  const hidden: StratumRow = { predicted: true, propensity: 0.01, count: 200, revealed: 0, positive: 0 }

  test('counts like the others in the estimate, and either way in the interval', () => {
    const plain = propensityWeightedPrecision(unitsOf(LIVE), { strata: strataOf(LIVE) })
    const { estimate, interval, unrevealed } = propensityWeightedPrecision(unitsOf(LIVE), {
      strata: strataOf([...LIVE, hidden]),
    })
    expect(unrevealed).toBe(200)
    expect(estimate).toBeCloseTo(0.9, 12)
    // All 200 negative, all 200 positive.
    expect(interval?.[0]).toBeCloseTo(((plain.interval?.[0] ?? 0) * 1300) / 1500, 12)
    expect(interval?.[1]).toBeCloseTo(((plain.interval?.[1] ?? 0) * 1300 + 200) / 1500, 12)
  })

  test('widens recall on both sides', () => {
    const plain = propensityWeightedRecall(unitsOf(LIVE), { strata: strataOf(LIVE) })
    const missed = { ...hidden, predicted: false }
    const widened = propensityWeightedRecall(unitsOf(LIVE), { strata: strataOf([...LIVE, hidden, missed]) })
    expect(widened.unrevealed).toBe(400)
    // If all 200 that passed unseen were positive, recall would be at most 1170 / (1170 + 200).
    expect(widened.interval?.[0]).toBeLessThan(1170 / 1370)
    expect(widened.interval?.[0]).toBeLessThan(plain.interval?.[0] ?? 0)
    expect(widened.interval?.[1]).toBeGreaterThan(plain.interval?.[1] ?? 1)
  })

  test('that is the whole audit leaves recall undefined, and says what is still possible', () => {
    const blocked = LIVE.filter(({ predicted }) => predicted)
    const { estimate, interval } = propensityWeightedRecall(unitsOf(blocked), { strata: strataOf(LIVE) })
    expect(estimate).toBeUndefined()
    expect(interval?.[0]).toBeGreaterThan(0)
    expect(interval?.[0]).toBeLessThan(1170 / (1170 + 4000))
    expect(interval?.[1]).toBe(1)
  })

  test('that is empty changes nothing', () => {
    const empty = { ...hidden, count: 0 }
    expect(propensityWeightedPrecision(unitsOf(LIVE), { strata: strataOf([...LIVE, empty]) })).toEqual(
      propensityWeightedPrecision(unitsOf(LIVE), { strata: strataOf(LIVE) }),
    )
  })
})

describe('nothing is made up', () => {
  test('of no units', () => {
    for (const figure of [propensityWeightedPrecision, propensityWeightedRecall]) {
      expect(figure([])).toEqual({ ...NOTHING, revealed: 0, unrevealed: 0 })
      expect(figure([], { strata: strataOf(LIVE) })).toMatchObject(NOTHING)
    }
  })

  test('of precision where nothing was blocked', () => {
    const passed = LIVE.filter(({ predicted }) => !predicted)
    expect(propensityWeightedPrecision(unitsOf(passed))).toMatchObject(NOTHING)
  })

  test('of recall where only one side was revealed and its size is not known', () => {
    for (const side of [true, false]) {
      const one = LIVE.filter(({ predicted }) => predicted === side)
      expect(propensityWeightedRecall(unitsOf(one))).toMatchObject({ estimate: undefined, interval: undefined })
    }
  })

  test('of recall where no revealed unit is positive', () => {
    const none = LIVE.map((row) => ({ ...row, positive: 0 }))
    for (const options of ways(none)) expect(propensityWeightedRecall(unitsOf(none), options)).toMatchObject(NOTHING)
  })

  test('and recall is 0 where nothing was blocked and something missed', () => {
    const audit = LIVE.find(({ predicted }) => !predicted)
    const none: StratumRow = { predicted: true, propensity: 0.25, count: 0, revealed: 0, positive: 0 }
    const list = audit === undefined ? [] : [audit, none]
    expect(propensityWeightedRecall(unitsOf(list), { strata: strataOf(list) })).toMatchObject({
      estimate: 0,
      interval: [0, 0],
    })
  })
})
