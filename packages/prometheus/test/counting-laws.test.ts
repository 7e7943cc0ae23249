import type { Count, JoinedOutcome, OutcomeState, Prediction } from '@groundtrace/core'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { CATALOGUE, countFeedback, countOutcomes, countPredictions, type MetricName } from '@groundtrace/prometheus'
import { closed, id, joined, prediction, SPAM, TOPIC } from './lines.ts'

const prediction_ = fc
  .record({
    spam: fc.boolean(),
    version: fc.constantFrom('v1', 'v2'),
    whole: fc.constantFrom(undefined, id(7)),
    share: fc.integer({ min: 0, max: 1000 }),
    propensity: fc.constantFrom(undefined, 0.03, 0.25),
    explored: fc.boolean(),
  })
  .map(({ spam, version, whole, share, propensity, explored }) =>
    prediction({
      ...(whole === undefined ? {} : { parent: whole, whole }),
      task: spam ? SPAM : TOPIC,
      value: spam ? 'spam' : 'law',
      scores: spam ? { ham: 1 - share / 1000, spam: share / 1000 } : { law: share / 1000 },
      model: { name: 'filter', version },
      policy: { action: 'block', ...(propensity === undefined ? {} : { propensity, explored }) },
    }),
  )
const states: readonly OutcomeState[] = ['settled', 'contested', 'retracted', 'expired', 'censored']
const outcome = fc
  .tuple(
    prediction_,
    fc.constantFrom(...states),
    fc.constantFrom('early', 'horizon', 'late'),
    fc.boolean(),
    fc.array(prediction_, { maxLength: 3 }),
  )
  .map(([about, state, phase, correct, members]): JoinedOutcome => {
    const line = closed(about, {
      state,
      phase: phase as 'horizon',
      ...(state === 'settled' ? { correct, label: correct ? about.value : 'art' } : {}),
      ...(phase === 'late' ? { replaces: { state: 'expired' } } : {}),
    })
    return members.length === 0 ? line : { ...line, members }
  })
const feedback = fc
  .tuple(prediction_, fc.integer({ min: -1000, max: 1e9 }), fc.constantFrom('a', 'b'))
  .map(([about, time, source]) => joined({ time, source }, about))

function merged(counts: readonly Count[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const { name, labels, value } of counts) {
    const key = JSON.stringify([name, labels])
    sums.set(key, (sums.get(key) ?? 0) + value)
  }
  return sums
}

/** Counting two pages apart and adding up must be counting both as one: pages are cut anywhere. */
function additive<L>(line: fc.Arbitrary<L>, count: (lines: readonly L[]) => readonly Count[]) {
  return fc.property(fc.array(line), fc.array(line), (first, second) => {
    const apart = merged([...count(first), ...count(second)])
    const together = merged(count([...first, ...second]))
    expect(new Set(apart.keys())).toEqual(new Set(together.keys()))
    for (const [key, value] of together) expect(apart.get(key)).toBeCloseTo(value, 6)
  })
}

test.each([
  ['predictions', additive(prediction_, countPredictions)],
  ['feedback', additive(feedback, countFeedback)],
  ['outcomes', additive(outcome, countOutcomes)],
] as const)('counts of %s do not depend on where pages are cut', (_, law) => {
  expect(() => fc.assert(law as fc.IProperty<unknown>)).not.toThrow()
})

test('every prediction that closes is in exactly one state, and every verdict on classes in one cell', () => {
  fc.assert(
    fc.property(fc.array(outcome), (lines) => {
      const counts = countOutcomes(lines)
      const total = (name: MetricName): number =>
        counts.filter((count) => count.name === name).reduce((sum, { value }) => sum + value, 0)
      const atHorizon = lines.filter((line) => line.outcome.phase === 'horizon')
      expect(total('groundtrace_outcomes_total')).toBe(atHorizon.length)
      expect(total('groundtrace_verdicts_total')).toBe(
        atHorizon.filter((line) => line.outcome.state === 'settled').length,
      )
      expect(total('groundtrace_confusion_total')).toBe(total('groundtrace_verdicts_total'))
    }),
  )
})

const ofWholes = (counts: readonly Count[]): readonly Count[] =>
  counts.filter(({ labels }) => labels['part'] === 'whole')
const answersItself = (one: Prediction): boolean => one.whole === undefined

test('whatever members there are, the figures of wholes are those of the wholes alone', () => {
  fc.assert(
    fc.property(fc.array(prediction_), fc.array(outcome), (predictions, outcomes) => {
      expect(ofWholes(countPredictions(predictions))).toEqual(countPredictions(predictions.filter(answersItself)))
      const alone = outcomes
        .filter(({ prediction: about }) => answersItself(about))
        .map(({ outcome: closing, prediction: about }): JoinedOutcome => ({ outcome: closing, prediction: about }))
      expect(ofWholes(countOutcomes(outcomes))).toEqual(countOutcomes(alone))
      const total = countPredictions(predictions)
        .filter(({ name, labels }) => name === 'groundtrace_predictions_total' && labels['part'] === 'whole')
        .reduce((sum, { value }) => sum + value, 0)
      expect(total).toBe(predictions.filter(answersItself).length)
    }),
  )
})

test('nothing is counted that the catalogue does not declare, no label more and none less, and no count is negative', () => {
  const lines = fc.tuple(fc.array(prediction_), fc.array(feedback), fc.array(outcome))
  fc.assert(
    fc.property(lines, ([predictions, joinedLines, outcomes]) => {
      for (const { name, labels, value } of [
        ...countPredictions(predictions),
        ...countFeedback(joinedLines),
        ...countOutcomes(outcomes),
      ]) {
        const metric = CATALOGUE[name.replace(/_sum$/, '') as MetricName]
        const bucket = metric.type === 'histogram' && !name.endsWith('_sum') ? ['le'] : []
        expect(Object.keys(labels)).toEqual([...metric.labels, ...bucket])
        expect(value).toBeGreaterThanOrEqual(0)
      }
    }),
  )
})
