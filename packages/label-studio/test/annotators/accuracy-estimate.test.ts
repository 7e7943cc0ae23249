import * as fc from 'fast-check'
import { seededRandom, wilsonInterval } from '@groundtrace/statistics'
import { expect, test } from 'vitest'
import { accuracyEstimate, type OwnEvidence } from '../../src/annotators/accuracy-estimate.ts'

const sure = (right: boolean): OwnEvidence => ({ truth: [1, 0], answer: right ? 0 : 1 })

test('where truth is known for sure it is the share of right answers, with the interval of Wilson', () => {
  fc.assert(
    fc.property(fc.nat(40), fc.nat(40), (right, wrong) => {
      fc.pre(right + wrong > 0)
      const evidence = [
        ...Array.from({ length: right }, () => sure(true)),
        ...Array.from({ length: wrong }, () => sure(false)),
      ]
      const { value = 0, effective = 0, interval = [0, 0] } = accuracyEstimate(evidence) ?? {}
      const [low, high] = wilsonInterval(right, right + wrong)
      expect(value).toBeCloseTo(right / (right + wrong), 9)
      expect(effective).toBeCloseTo(right + wrong, 9)
      expect(interval[0]).toBeCloseTo(low, 6)
      expect(interval[1]).toBeCloseTo(high, 6)
    }),
  )
})

test('no other accuracy makes the answers likelier', () => {
  const unit = fc.tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 99 }), fc.nat(2))
  fc.assert(
    fc.property(fc.array(unit, { minLength: 1, maxLength: 20 }), (units) => {
      const evidence = units.map(([a, b, answer]) => {
        const total = a + b + 50
        return { truth: [a / total, b / total, 50 / total], answer }
      })
      const logLikelihood = (accuracy: number): number =>
        evidence.reduce((sum, { truth, answer }) => {
          const right = truth[answer] ?? 0
          return sum + Math.log(accuracy * right + ((1 - accuracy) * (1 - right)) / 2)
        }, 0)
      const best = logLikelihood(accuracyEstimate(evidence)?.value ?? 0)
      for (let step = 0; step <= 100; step += 1) expect(logLikelihood(step / 100)).toBeLessThanOrEqual(best + 1e-9)
    }),
  )
})

test('answers whose truth is anybody’s guess say nothing', () => {
  const evidence = [
    ...Array.from({ length: 30 }, () => sure(true)),
    ...Array.from({ length: 500 }, () => ({ truth: [0.5, 0.5], answer: 1 })),
  ]
  const { value, effective } = accuracyEstimate(evidence) ?? {}
  expect([value, effective]).toEqual([expect.closeTo(1, 9), expect.closeTo(30, 9)])
  expect(accuracyEstimate([])).toBeUndefined()
})

test('that disagreements are looked into and agreements are not biases the count of settled answers, and not this', () => {
  // Two answer; where they disagree an expert says what is true. Both are right nine times of ten.
  const random = seededRandom('disagreements')
  const evidence: OwnEvidence[] = []
  const settled: boolean[] = []
  for (let unit = 0; unit < 4000; unit += 1) {
    const truth = random() < 0.5 ? 0 : 1
    const [own = 0, other = 0] = [0.9, 0.9].map((skill) => (random() < skill ? truth : 1 - truth))
    const byOther = other === 0 ? [0.9, 0.1] : [0.1, 0.9]
    const byExpert = truth === 0 ? [1, 0] : [0, 1]
    evidence.push({ answer: own, truth: own === other ? byOther : byExpert })
    if (own !== other) settled.push(own === truth)
  }
  const counted = settled.filter(Boolean).length / settled.length
  const { value = 0, interval = [0, 0] } = accuracyEstimate(evidence) ?? {}
  expect(counted).toBeLessThan(0.6)
  expect(value).toBeGreaterThan(0.88)
  expect(interval[0]).toBeLessThan(0.9)
  expect(interval[1]).toBeGreaterThan(0.9)
})
