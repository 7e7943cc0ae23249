import { dawidSkene, mace, oneCoin, posteriorOf } from '@groundtrace/statistics'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refusal } from '../refusal.ts'
import { near } from './near.ts'
import { anyRows } from './random-answers.ts'

/** Truth is spam for 1/4 of the mails; Ann is right for 9 of 10 hams and 8 of 10 spams, an average rater for 6 of 10. */
const model = {
  classes: ['ham', 'spam'],
  raters: ['ann'],
  prior: Float64Array.of(0.75, 0.25),
  confusion: Float64Array.of(0.9, 0.1, 0.2, 0.8),
  pooledConfusion: Float64Array.of(0.6, 0.4, 0.4, 0.6),
}

test('is what Bayes says', () => {
  // 0.75 · 0.1 against 0.25 · 0.8.
  const { label, tied, probability } = posteriorOf(model, [{ rater: 'ann', value: 'spam' }])
  expect([label, tied]).toEqual(['spam', false])
  expect(probability['spam']).toBeCloseTo(0.2 / 0.275, 12)
  // And then somebody whom the model does not know: 0.075 · 0.6 against 0.2 · 0.4.
  const more = posteriorOf(model, [
    { rater: 'ann', value: 'spam' },
    { rater: 'new', value: 'ham' },
  ])
  expect(more.probability['spam']).toBeCloseTo(0.08 / 0.125, 12)
})

test('is the prior without an answer, and with one skill by the same theorem', () => {
  expect(Object.values(posteriorOf(model, []).probability)).toEqual(near([0.75, 0.25], 1e-12))
  const coin = { classes: [1, 2, 3], raters: ['ann'], prior: Float64Array.of(0.5, 0.25, 0.25) }
  const { probability } = posteriorOf({ ...coin, skill: Float64Array.of(0.5), pooledSkill: 0.5 }, [
    { rater: 'ann', value: 2 },
  ])
  // 0.5 · 0.25, 0.25 · 0.5, 0.25 · 0.25: a draw of the first two.
  expect(Object.values(probability)).toEqual(near([0.4, 0.4, 0.2], 1e-12))
})

test('reports a draw', () => {
  const even = { ...model, prior: Float64Array.of(0.5, 0.5), confusion: Float64Array.of(0.8, 0.2, 0.2, 0.8) }
  const answers = ['ham', 'spam'].map((value) => ({ rater: 'ann', value }))
  expect(posteriorOf(even, answers)).toMatchObject({ label: 'ham', tied: true, leaders: ['ham', 'spam'] })
})

test('of the answers of the fit is that of the fit', () => {
  fc.assert(
    fc.property(anyRows, fc.constantFrom(dawidSkene, mace, oneCoin), (rows, method) => {
      const fit = method(rows, { iterations: 20 })
      fc.pre(fit.classes.length > 1)
      for (const unit of fit.units) {
        const { probability } = posteriorOf(
          fit,
          rows.filter((row) => row.unit === unit),
        )
        // Up to the least probability that an answer has here.
        expect(Object.values(probability)).toEqual(near(Object.values(fit.of(unit).probability), 1e-7))
      }
    }),
  )
})

test('of what the fit held for impossible is a number all the same', () => {
  const sure = { ...model, prior: Float64Array.of(1, 0), confusion: Float64Array.of(1, 0, 0, 1) }
  const { probability } = posteriorOf(sure, [{ rater: 'ann', value: 'spam' }])
  expect(Object.values(probability)).toEqual(near([0.5, 0.5], 1e-9))
})

describe('refuses', () => {
  test.each([undefined, null, {}, 7, { classes: [], raters: [], prior: [] }])('%s for a model', (bad) => {
    expect(() => posteriorOf(bad as never, [])).toThrow(refusal('invalid-argument', /The model is/))
  })

  test.each([undefined, null, 7, 'text'])('%s for answers', (bad) => {
    expect(() => posteriorOf(model, bad as never)).toThrow(refusal('invalid-argument', /answers is/))
  })

  test.each([undefined, null, 3n, Symbol('s'), {}, Number.NaN])('%s for a value', (bad) => {
    expect(() => posteriorOf(model, [{ rater: 'ann', value: bad as never }])).toThrow(
      refusal('invalid-argument', /answers\[0\]\.value is/),
    )
  })

  test('a model of nothing, answers that are none, and classes that it does not know', () => {
    expect(() => posteriorOf(dawidSkene([]), [])).toThrow(refusal('no-data'))
    expect(() => posteriorOf(model, [7 as never])).toThrow(refusal('invalid-argument', /answers\[0\] is 7/))
    expect(() => posteriorOf(model, [{ rater: 'ann', value: 'eggs' }])).toThrow(
      refusal('unknown-class', /answers\[0\]\.value is "eggs"/),
    )
  })
})
