import { propensityWeightedPrecision, propensityWeightedRecall } from '@groundtrace/statistics'
import { describe, expect, test } from 'vitest'
import { coverage, slack } from './coverage.ts'
import { REGIMES, reveal, textbookPrecision, truthOf } from './live-population.ts'

const REPETITIONS = 400
/** What the documentation promises at worst for 95 % intervals, less three standard errors of this simulation. */
const ALLOWED = 0.94 - slack(0.94, REPETITIONS)

describe.each(REGIMES.map((regime) => [regime.name, regime] as const))(
  '%s: 95 %% intervals hold the truth',
  (name, regime) => {
    const { strata } = regime
    const { precision, recall } = truthOf(regime)

    test('of precision', () => {
      const known = coverage(`${name} precision`, REPETITIONS, (random) => ({
        truth: precision,
        interval: propensityWeightedPrecision(reveal(regime, random), { strata }).interval,
      }))
      const unknown = coverage(`${name} precision without strata`, REPETITIONS, (random) => ({
        truth: precision,
        interval: propensityWeightedPrecision(reveal(regime, random)).interval,
      }))
      expect(known).toBeGreaterThan(ALLOWED)
      expect(unknown).toBeGreaterThan(ALLOWED)
    })

    test('of recall', () => {
      const known = coverage(`${name} recall`, REPETITIONS, (random) => ({
        truth: recall,
        interval: propensityWeightedRecall(reveal(regime, random), { strata }).interval,
      }))
      const unknown = coverage(`${name} recall without strata`, REPETITIONS, (random) => ({
        truth: recall,
        interval: propensityWeightedRecall(reveal(regime, random)).interval,
      }))
      expect(known).toBeGreaterThan(ALLOWED)
      expect(unknown).toBeGreaterThan(ALLOWED)
    })
  },
)

test.each(['precision close to 1', 'small population', 'rare positives', 'errors where propensity is low'])(
  '%s: the textbook interval does not hold it',
  (name) => {
    const regime = REGIMES.find((candidate) => candidate.name === name)
    const rate = coverage(`${name} textbook`, REPETITIONS, (random) => ({
      truth: regime === undefined ? 0 : truthOf(regime).precision,
      interval: regime === undefined ? [0, 1] : textbookPrecision(regime, reveal(regime, random)),
    }))
    expect(rate).toBeLessThan(0.85)
  },
)

test('intervals at 80 % are narrower, and hold the truth in about as many runs', () => {
  const regime = REGIMES.find(({ name }) => name === 'large population')
  const rate = coverage('level', REPETITIONS, (random) => ({
    truth: regime === undefined ? 0 : truthOf(regime).precision,
    interval:
      regime === undefined
        ? [0, 1]
        : propensityWeightedPrecision(reveal(regime, random), { strata: regime.strata, level: 0.8 }).interval,
  }))
  expect(rate).toBeGreaterThan(0.8 - slack(0.8, REPETITIONS))
  expect(rate).toBeLessThan(0.86 + slack(0.86, REPETITIONS))
})
