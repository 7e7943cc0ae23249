import { crowdlab, type ModelProbabilities } from '@groundtrace/statistics'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refusal } from '../refusal.ts'
import { near } from './near.ts'
import { otherLibraries, theirRows } from './other-libraries.ts'

const { classes, predictions, cleanlab, raters } = otherLibraries

const theirPredictions: ModelProbabilities = new Map(
  Object.entries(predictions).map(([unit, shares]) => [
    unit,
    Object.fromEntries(classes.map((name, code) => [name, shares[code] ?? 0])),
  ]),
)

describe('labels, qualities and weights are those of cleanlab', () => {
  const consensus = crowdlab(theirRows, theirPredictions)

  test('for every unit', () => {
    expect(Object.fromEntries(consensus.units.map((unit) => [unit, consensus.of(unit).label]))).toEqual(cleanlab.label)
    expect(consensus.units.map((unit) => consensus.of(unit).probability[consensus.of(unit).label] ?? 0)).toEqual(
      near(
        consensus.units.map((unit) => cleanlab.quality[unit] ?? 0),
        1e-12,
      ),
    )
  })

  test('for every answer', () => {
    expect(consensus.classes).toEqual(classes)
    expect(theirRows.map(({ unit, value }) => consensus.of(unit).probability[value] ?? 0)).toEqual(
      near(cleanlab.answerQuality, 1e-12),
    )
  })

  test('for every rater, and the model', () => {
    expect(consensus.raters).toEqual(raters)
    expect([...consensus.skill]).toEqual(near(cleanlab.raterWeight, 1e-12))
    expect(consensus.modelWeight).toBeCloseTo(cleanlab.modelWeight, 12)
  })
})

/** Two units that Ann and Bo agree on, one that they do not. */
const rows = [
  { unit: 1, rater: 'ann', value: 'x' },
  { unit: 1, rater: 'bo', value: 'x' },
  { unit: 2, rater: 'ann', value: 'y' },
  { unit: 2, rater: 'bo', value: 'y' },
  { unit: 3, rater: 'ann', value: 'x' },
  { unit: 3, rater: 'bo', value: 'y' },
]

const says = (...shares: readonly number[]): ModelProbabilities =>
  new Map(shares.map((x, index) => [index + 1, { x, y: 1 - x }]))

test('is worked out by hand', () => {
  // Labels x, y, and for the draw x, by the model. Agreement with the label (1 + 1 + 1/2) / 3 = 5/6. The commonest label
  // is wrong for 1/3 of the units; raters disagree in 1/3 of their pairs and the model errs in none, so that a rater's
  // weight is 1e-6 and the model's √2.
  const consensus = crowdlab(rows, says(0.9, 0.2, 0.75))
  expect([...consensus.skill]).toEqual(near([1e-6, 1e-6], 1e-18))
  expect(consensus.modelWeight).toBeCloseTo(Math.SQRT2, 12)
  const total = Math.SQRT2 + 2e-6
  expect(Object.values(consensus.of(1).probability)).toEqual(
    near([(0.9 * Math.SQRT2 + (2e-6 * 5) / 6) / total, (0.1 * Math.SQRT2 + 2e-6 / 6) / total], 1e-12),
  )
  expect(Object.values(consensus.of(3).probability)).toEqual(
    near([(0.75 * Math.SQRT2 + 1e-6) / total, (0.25 * Math.SQRT2 + 1e-6) / total], 1e-12),
  )
})

test('reports a draw of raters and model, and goes by the rarer class', () => {
  const more = [...rows, { unit: 4, rater: 'ann', value: 'x' }, { unit: 4, rater: 'bo', value: 'x' }]
  const consensus = crowdlab(more, says(0.9, 0.2, 0.5, 0.8))
  expect(consensus.of(3)).toMatchObject({ tied: true, label: 'y', leaders: ['y', 'x'] })
  expect(consensus.of(4)).toMatchObject({ tied: false, label: 'x' })
})

test('knows classes that only the model has, as numbers where answers are numbers', () => {
  const numbers = rows.map(({ value, ...rest }) => ({ ...rest, value: value === 'x' ? 1 : 2 }))
  const model: ModelProbabilities = new Map([1, 2, 3].map((unit) => [unit, { 1: 0.25, 2: 0.25, 10: 0.5 }]))
  expect(crowdlab(numbers, model).classes).toEqual([1, 2, 10])
  const words: ModelProbabilities = new Map([1, 2, 3].map((unit) => [unit, { x: 0.5, y: 0.25, w: 0.25 }]))
  const { classes: names, of } = crowdlab(rows, words)
  expect(names).toEqual(['w', 'x', 'y'])
  expect(Object.values(of(1).probability).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
})

test('is the same to the bit for any order of the rows', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...theirRows], { minLength: theirRows.length }), (shuffled) => {
      expect(crowdlab(shuffled, theirPredictions).posterior).toEqual(crowdlab(theirRows, theirPredictions).posterior)
    }),
    { numRuns: 20 },
  )
})

describe('refuses', () => {
  test.each([undefined, null, {}, [], 'text'])('%s for predictions', (bad) => {
    expect(() => crowdlab(rows, bad as never)).toThrow(refusal('invalid-argument', /^The predictions is/))
  })

  test.each([
    [{ x: 0.5, y: 0.4 }, /^The sum of the probabilities for unit 3 is 0.9/],
    [{ x: 1.5, y: -0.5 }, /^The probability of "x" for unit 3 is 1.5/],
    [{ x: Number.NaN, y: 1 }, /^The probability of "x" for unit 3 is NaN/],
    [{ x: '1', y: 0 }, /^The probability of "x" for unit 3 is "1"/],
    [{ x: undefined, y: 1 }, /^The probability of "x" for unit 3 is NaN|undefined/],
    [null, /^The prediction for 3 is null/],
    [0.5, /^The prediction for 3 is 0.5/],
  ])('%j for a unit', (bad, cause) => {
    const model = new Map([...says(0.5, 0.5), [3, bad as never]])
    expect(() => crowdlab(rows, model)).toThrow(refusal('invalid-argument', cause))
  })

  test('a rated unit without prediction, and takes one without rating', () => {
    expect(() => crowdlab(rows, says(0.5, 0.5))).toThrow(refusal('unknown-unit', /nothing of unit 3/))
    expect(crowdlab(rows, says(0.5, 0.5, 0.5, 0.5)).units).toEqual([1, 2, 3])
  })

  test('answers of which no two are of one unit, and second answers of a rater', () => {
    const [first] = rows
    expect(() => crowdlab([], new Map())).toThrow(refusal('no-data', /No unit has answers of two raters/))
    expect(() => crowdlab(rows.slice(0, 1), says(0.5))).toThrow(refusal('no-data'))
    expect(() => crowdlab([...rows, ...(first === undefined ? [] : [first])], says(0.5, 0.5, 0.5))).toThrow(
      refusal('duplicate-rating', /Rater "ann" rated unit 1/),
    )
  })
})
