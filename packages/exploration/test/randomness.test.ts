import { createExploration, uniform } from '@groundtrace/exploration'
import { describe, expect, test } from 'vitest'
import { binomialBounds } from './binomial.ts'
import { ids, OTHER_SECRET, rows, SECRET } from './ids.ts'

const COUNT = 100_000
const IDS = ids(COUNT)
const ROWS = rows(COUNT)
const GRID = 10

/**
 * Upper critical value of the chi-squared distribution with 99 degrees of freedom at .001: table 1.3.6.7.4 of the
 * NIST/SEMATECH e-Handbook of Statistical Methods.
 */
const CHI_SQUARED_99 = 148.23
/** Critical value of √n · D at .001 for large n: Smirnov's table (1948), K(1.95) = 1 − .001. */
const KOLMOGOROV = 1.95
/** Chance that an honest draw falls outside the binomial bounds below. Secrets are fixed: a run passes always or never. */
const LEVEL = 0.001

const drawAll = (secret: string, purpose: string, of = IDS): readonly number[] =>
  of.map((id) => uniform({ secret, purpose }, id))

/** Pearson's statistic of counts against equal expected counts. */
function chiSquared(cells: readonly number[], count: number): number {
  const expected = count / cells.length
  return cells.reduce((sum, observed) => sum + (observed - expected) ** 2 / expected, 0)
}

/** Counts of pairs on a 10 × 10 grid over the unit square: equal when both are uniform and independent. */
function onGrid(x: readonly number[], y: readonly number[]): readonly number[] {
  const cells = Array.from({ length: GRID * GRID }, () => 0)
  for (const [n, value] of x.entries()) {
    const cell = Math.floor(value * GRID) * GRID + Math.floor((y[n] ?? 0) * GRID)
    cells[cell] = (cells[cell] ?? 0) + 1
  }
  return cells
}

const release = drawAll(SECRET, 'release')
const audit = drawAll(SECRET, 'audit')

describe.each([
  ['IDs next to each other', release],
  ['rows of one batch', drawAll(SECRET, 'release', ROWS)],
])('draws for %s', (_, drawn) => {
  test('are uniform in [0, 1): chi-squared over 100 bins', () => {
    const bins = Array.from({ length: 100 }, () => 0)
    for (const value of drawn) bins[Math.floor(value * 100)] = (bins[Math.floor(value * 100)] ?? 0) + 1
    expect(bins).toHaveLength(100)
    expect(chiSquared(bins, COUNT)).toBeLessThan(CHI_SQUARED_99)
  })

  test('are uniform in [0, 1): Kolmogorov–Smirnov', () => {
    const sorted = drawn.toSorted((a, b) => a - b)
    const distance = Math.max(...[0, 1].map((step) => furthest(sorted, step)))
    expect(Math.sqrt(COUNT) * distance).toBeLessThan(KOLMOGOROV)
  })

  test('do not follow from the draw before', () => {
    expect(chiSquared(onGrid(drawn.slice(0, -1), drawn.slice(1)), COUNT - 1)).toBeLessThan(CHI_SQUARED_99)
  })
})

/** Largest distance between the empirical distribution, before or after its step, and the uniform one. */
function furthest(sorted: readonly number[], step: number): number {
  return sorted.reduce((far, value, n) => Math.max(far, Math.abs((n + step) / sorted.length - value)), 0)
}

describe('draws are independent', () => {
  test.each([
    ['of another purpose', release, audit],
    ['under another secret', release, drawAll(OTHER_SECRET, 'release')],
  ])('%s', (_, x, y) => {
    expect(chiSquared(onGrid(x, y), COUNT)).toBeLessThan(CHI_SQUARED_99)
    expect(x.filter((value, n) => value === y[n])).toEqual([])
  })
})

test('the exact binomial bounds are those of a textbook case', () => {
  // Ten tosses of a fair coin: P(X ≤ 1) = 11/1024 ≤ .025 < P(X ≤ 2) = 56/1024, and the same from above.
  expect(binomialBounds(10, 0.5, 0.05)).toEqual([2, 8])
})

describe('as many are explored as the propensity says', () => {
  const tiers = [
    { from: 0.5, propensity: 0.25 },
    { from: 0.8, propensity: 0.1 },
    { from: 0.95, propensity: 0.03 },
  ]
  const exploration = createExploration({
    secret: SECRET,
    release: { action: 'block', tiers },
    audit: { action: 'pass', propensity: 0.02 },
  })

  test.each([
    ['block', 0.6, 0.25],
    ['block', 0.9, 0.1],
    ['block', 0.99, 0.03],
    ['pass', 0.1, 0.02],
  ])('%s at score %d: %d', (action, score, propensity) => {
    const explored = IDS.filter((id) => exploration.decide(id, { action, score }).explored).length
    const [low, high] = binomialBounds(COUNT, propensity, LEVEL)
    expect(explored).toBeGreaterThanOrEqual(low)
    expect(explored).toBeLessThanOrEqual(high)
  })

  test('and another secret explores others: both, as often as chance has it', () => {
    const other = createExploration({ secret: OTHER_SECRET, release: { action: 'block', tiers } })
    const intent = { action: 'block', score: 0.6 }
    const both = IDS.filter((id) => exploration.decide(id, intent).explored && other.decide(id, intent).explored).length
    const [low, high] = binomialBounds(COUNT, 0.25 ** 2, LEVEL)
    expect(both).toBeGreaterThanOrEqual(low)
    expect(both).toBeLessThanOrEqual(high)
  })
})
