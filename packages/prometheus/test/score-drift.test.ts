import { populationStabilityIndex, psiAlertThreshold, seededRandom } from '@groundtrace/statistics'
import { describe, expect, test } from 'vitest'
import { countScores, scoreDrift, SCORE_EDGES, type ScoreDriftOptions } from '@groundtrace/prometheus'

const labels = { task: 'spam', model: 'filter', version: 'v1' }
const uniform = Array.from({ length: 10 }, () => 100)
const monitor = (options: Partial<ScoreDriftOptions> = {}) => scoreDrift({ ...labels, reference: uniform, ...options })

describe('scores are counted in bins', () => {
  test('upper edges are inclusive and the highest bin has none', () => {
    expect(countScores([0, 1, 1.5, 2, 99], [1, 2])).toEqual([2, 2, 1])
  })

  test('by default in ten equal bins', () => {
    expect(SCORE_EDGES).toHaveLength(9)
    expect(countScores([0.05, 0.1, 0.95, 1])).toEqual([2, 0, 0, 0, 0, 0, 0, 0, 0, 2])
  })

  test.each([[[Number.NaN]], [[Number.POSITIVE_INFINITY]], [['0.5' as unknown as number]]])(
    'a score that is no finite number, %j, is a clear error',
    (scores) => {
      expect(() => countScores(scores)).toThrow(/is no finite number\. Leave out/)
    },
  )

  test.each([[[]], [[2, 1]], [[1, 1]], [[Number.NaN]], ['edges' as unknown as number[]]])(
    'edges that do not ascend, %j, are a clear error',
    (edges) => {
      expect(() => countScores([1], edges)).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
    },
  )
})

test('is blind below the minimum of units: it neither alarms nor reassures', () => {
  const drift = monitor({ minimumUnits: 100 })
  for (let unit = 0; unit < 99; unit++) drift.observe(0.95)
  expect(drift.evaluate()).toEqual({ state: 'blind', units: 99, psi: undefined, threshold: undefined })
  drift.observe(0.95)
  expect(drift.evaluate().state).toBe('drift')
})

test('is blind when the reference is too small', () => {
  const drift = monitor({ reference: [1, 2, 3, 0, 0, 0, 0, 0, 0, 0] })
  for (let unit = 0; unit < 500; unit++) drift.observe(0.95)
  expect(drift.evaluate().state).toBe('blind')
})

test('index and threshold are those of the statistics package, for what was observed', () => {
  const drift = monitor({ level: 0.95, floor: 1e-3 })
  for (let unit = 0; unit < 200; unit++) drift.observe((unit % 5) / 10 + 0.05)
  const current = [40, 40, 40, 40, 40, 0, 0, 0, 0, 0]
  const verdict = drift.evaluate()
  expect(verdict.psi).toBe(populationStabilityIndex(uniform, current, { floor: 1e-3 }))
  expect(verdict.threshold).toBe(psiAlertThreshold({ reference: uniform, current: 200, level: 0.95, floor: 1e-3 }))
  expect(verdict.units).toBe(200)
})

test('compares the latest units only: what left the window is forgotten', () => {
  const drift = monitor({ window: 200 })
  for (let unit = 0; unit < 200; unit++) drift.observe(0.95)
  expect(drift.evaluate().state).toBe('drift')
  for (let unit = 0; unit < 200; unit++) drift.observe((unit % 10) / 10 + 0.05)
  // Exactly the reference's shares, for which the index is 0 by definition.
  expect(drift.evaluate()).toMatchObject({ state: 'stable', units: 200, psi: 0 })
})

test('does not cry wolf: without drift, one look in a hundred passes the threshold at level 0.99', () => {
  const random = seededRandom('no drift')
  let alarms = 0
  const looks = 2000
  const drift = monitor({ window: 100, minimumUnits: 100 })
  for (let look = 0; look < looks; look++) {
    for (let unit = 0; unit < 100; unit++) drift.observe(random())
    if (drift.evaluate().state === 'drift') alarms += 1
  }
  // Binomial(2000, 0.01): mean 20, standard deviation 4.4; five of them either way.
  expect(alarms).toBeGreaterThan(0)
  expect(alarms).toBeLessThan(20 + 5 * 4.45)
})

test('simulates a threshold once for a number of units, not once an evaluation', () => {
  let draws = 0
  const seeded = seededRandom('count me')
  const drift = monitor({
    random: () => {
      draws += 1
      return seeded()
    },
  })
  for (let unit = 0; unit < 1000; unit++) drift.observe(0.5)
  drift.evaluate()
  const once = draws
  expect(once).toBeGreaterThan(0)
  for (let unit = 0; unit < 1000; unit++) {
    drift.observe(0.5)
    drift.evaluate()
  }
  expect(draws).toBe(once)
})

test('while the window fills it simulates for two significant digits of units, never a threshold that is too low', () => {
  const drift = monitor({ window: 300 })
  for (let unit = 0; unit < 209; unit++) drift.observe(0.5)
  expect(drift.evaluate().threshold).toBe(psiAlertThreshold({ reference: uniform, current: 200, level: 0.99 }))
})

test.each([
  [{ task: 'no word' }, /is not a bounded word\. Use/],
  [{ reference: [1, 2] }, /reference is not a count for each of 10 bins\. Make it with countScores/],
  [{ reference: [-1, 1, 1, 1, 1, 1, 1, 1, 1, 1] }, /reference is not a count/],
  [{ edges: [0.5] }, /reference is not a count for each of 2 bins/],
  [{ window: 10 }, /window 10 is no whole number from minimumUnits/],
  [{ window: 1e9 }, /window 1000000000 is no whole number/],
  [{ minimumUnits: 0 }, /minimumUnits 0 is no whole number from 1/],
  [{ level: 1 }, /level 1 is not within 0 and 1/],
  [{ floor: 0 }, /floor 0 is not within 0 and 1/],
  [{ random: 7 as unknown as () => number }, /random is no function/],
])('%j is a clear error', (options, message) => {
  expect(() => monitor(options)).toThrow(
    expect.objectContaining({ code: 'invalid-argument', message: expect.stringMatching(message) }),
  )
})

test('no options at all are a clear error', () => {
  expect(() => scoreDrift(undefined as unknown as ScoreDriftOptions)).toThrow(
    expect.objectContaining({ code: 'invalid-argument' }),
  )
})
