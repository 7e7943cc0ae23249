import {
  dawidSkene,
  mace,
  oneCoin,
  posteriorOf,
  raterAccuracy,
  type Rating,
  settledWithoutOwn,
  wilsonInterval,
} from '@groundtrace/statistics'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refusal } from '../refusal.ts'
import { anyRows, coin, simulatedCrowd } from './random-answers.ts'

/** Ann, Bo and Cy are right in 9 of 10, whatever the truth; each class is as common. */
const model = {
  classes: ['ham', 'spam'],
  raters: ['ann', 'bo', 'cy'],
  prior: Float64Array.of(0.5, 0.5),
  skill: Float64Array.of(0.9, 0.9, 0.9),
  pooledSkill: 0.9,
}

const answer = (unit: number, rater: string, value: string): Rating => ({ unit, rater, value })

describe('truth without the own answer', () => {
  test('is what the two others say where they agree', () => {
    const rows = [answer(1, 'ann', 'ham'), answer(1, 'bo', 'spam'), answer(1, 'cy', 'spam')]
    // Without Ann: 81 to 1 for spam. Without Bo or Cy, one says ham and one spam: nothing is settled.
    expect(settledWithoutOwn(model, rows)).toEqual([
      { unit: 1, rater: 'ann', value: 'ham', truth: 'spam', probability: expect.closeTo(81 / 82, 12) as number },
    ])
    expect(settledWithoutOwn(model, rows, { certainty: 0.99 })).toEqual([])
  })

  test('needs others, as many as are asked for', () => {
    const rows = [answer(1, 'ann', 'ham'), answer(1, 'bo', 'spam')]
    expect(settledWithoutOwn(model, rows)).toEqual([])
    expect(settledWithoutOwn(model, rows, { others: 1 })).toEqual([
      { unit: 1, rater: 'ann', value: 'ham', truth: 'spam', probability: expect.closeTo(0.9, 12) as number },
      { unit: 1, rater: 'bo', value: 'spam', truth: 'ham', probability: expect.closeTo(0.9, 12) as number },
    ])
  })

  test('is the posterior of the other raters, who may answer twice', () => {
    fc.assert(
      fc.property(anyRows, fc.constantFrom(dawidSkene, mace, oneCoin), (rows, method) => {
        const fit = method(rows, { iterations: 10 })
        fc.pre(fit.classes.length > 1)
        for (const { unit, rater, truth, probability } of settledWithoutOwn(fit, rows, { others: 1, certainty: 0.6 })) {
          const others = rows.filter((row) => row.unit === unit && row.rater !== rater)
          const { label, probability: all } = posteriorOf(fit, others)
          expect(truth).toBe(label)
          // The least probability of anything is 1e-10, for the prior of `posteriorOf` too.
          expect(Math.abs(probability - (all[label] ?? 0))).toBeLessThan(1e-6)
        }
      }),
    )
  })

  test.each([
    [{ certainty: 0.5 }, /certainty is 0.5/],
    [{ certainty: Number.NaN }, /certainty is NaN/],
    [{ others: 0 }, /others is 0/],
  ])('refuses %j', (options, cause) => {
    expect(() => settledWithoutOwn(model, [], options)).toThrow(refusal('invalid-argument', cause))
  })

  test('refuses a class that the model does not know', () => {
    expect(() => settledWithoutOwn(model, [answer(1, 'ann', 'eggs')])).toThrow(refusal('unknown-class', /"eggs"/))
  })
})

describe('accuracy of raters', () => {
  test('is counted by hand', () => {
    const judged = [
      { rater: 'bo', value: 'ham', truth: 'ham' },
      { rater: 'bo', value: 'ham', truth: 'spam' },
      { rater: 'bo', value: 'ham', truth: 'ham' },
      { rater: 'ann', value: 'spam', truth: 'spam' },
    ]
    const { classes, raters } = raterAccuracy(judged)
    expect(classes).toEqual(['ham', 'spam'])
    expect(raters).toEqual([
      {
        rater: 'ann',
        answers: 1,
        right: 1,
        accuracy: 1,
        interval: wilsonInterval(1, 1),
        confusion: [
          [0, 0],
          [0, 1],
        ],
      },
      {
        rater: 'bo',
        answers: 3,
        right: 2,
        accuracy: 2 / 3,
        interval: wilsonInterval(2, 3),
        confusion: [
          [2, 0],
          [1, 0],
        ],
      },
    ])
    expect(raterAccuracy([])).toEqual({ classes: [], raters: [] })
  })

  test('without their own answers finds what each was drawn with', () => {
    const skills = [0.95, 0.9, 0.85, 0.8, 0.75, 0.5]
    const { rows } = simulatedCrowd({
      seed: 'own',
      units: 2500,
      perUnit: 5,
      prior: [0.5, 0.3, 0.2],
      confusions: skills.map((skill) => coin(skill, 3)),
    })
    const settled = settledWithoutOwn(oneCoin(rows), rows, { certainty: 0.99 })
    for (const { rater, right, answers } of raterAccuracy(settled).raters) {
      const [low, high] = wilsonInterval(right, answers, { level: 0.9999 })
      const skill = skills[Number(rater)] ?? Number.NaN
      // At most one truth of a hundred is wrong.
      expect(low - 0.01).toBeLessThan(skill)
      expect(high + 0.01).toBeGreaterThan(skill)
    }
  })

  test.each([
    [[null], /answers\[0\] is null/],
    [[{ rater: 'a', value: 'x' }], /answers\[0\]\.truth is undefined/],
    [[{ rater: Number.NaN, value: 'x', truth: 'x' }], /answers\[0\]\.rater is NaN/],
    [7, /The answers is 7/],
  ])('refuses %j', (bad, cause) => {
    expect(() => raterAccuracy(bad as never)).toThrow(refusal('invalid-argument', cause))
  })
})
