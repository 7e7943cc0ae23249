import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openOutbox, type Outbox } from '../../src/bridge/outbox.ts'
import { createSelection } from '../../src/selection/selection.ts'
import { qualityReport } from '../../src/truth/quality-report.ts'
import { qualityReportText } from '../../src/truth/quality-report-text.ts'
import type { TruthPolicy } from '../../src/truth/truth-policy.ts'
import { idOf, predictionOf, StubLedger } from '../selection/predictions.ts'

const POLICY: TruthPolicy = {
  classes: ['ham', 'spam'],
  crowd: { project: 'crowd' },
  expert: { project: 'expert' },
}

let outbox: Outbox
beforeEach(() => {
  outbox = openOutbox({ path: ':memory:' })
})
afterEach(() => outbox.close())

/** What is held of a prediction in a project. */
function hold(from: Outbox, number: number, project: string, label: string): void {
  const unit = from.units.ofPrediction(idOf(number)).find((one) => one.project === project)
  from.write(() =>
    from.truths.append(unit?.id ?? 0, {
      stage: 'settled',
      label,
      version: 1,
      feedback: idOf(10_000 + number),
      said: 'annotation',
      verdict: {} as never,
    }),
  )
}

const pick = (number: number, said: string, propensity?: number, project = 'crowd') => ({
  prediction: idOf(number),
  project,
  reason: propensity === undefined ? 'uncertainty' : 'random',
  class: said,
  ...(propensity !== undefined && { propensity }),
})

describe('quality', () => {
  test('is that of random picks, each for as many as it stands for; experts have the last word', () => {
    outbox.units.plan([
      pick(0, 'ham', 0.5),
      pick(1, 'spam', 0.5),
      pick(2, 'spam', 0.1),
      pick(3, 'ham', 0.1, 'expert'),
      pick(4, 'ham', 0.5),
      // For a reason: the model is wrong about all of them, which says nothing of the rest.
      ...[5, 6, 7].map((number) => pick(number, 'ham')),
    ])
    // Contentious: it went to the experts with the chance that it had.
    outbox.units.plan([{ ...pick(1, 'spam', 0.5, 'expert'), reason: 'escalated' }])
    for (const number of [0, 1, 2]) hold(outbox, number, 'crowd', 'ham')
    hold(outbox, 1, 'expert', 'spam')
    hold(outbox, 3, 'expert', 'ham')
    for (const number of [5, 6, 7]) hold(outbox, number, 'crowd', 'spam')

    const report = qualityReport({ outbox, policy: POLICY })
    // Weights 2, 2, 10, 10 and of the one without a truth 2; right are 0, 1 and 3.
    expect(report).toMatchObject({ drawn: 5, known: 4 })
    expect(report.standFor).toBeCloseTo(26, 12)
    expect(report.accuracy.value).toBeCloseTo(14 / 24, 12)
    expect(report.accuracy.effectiveSampleSize).toBeCloseTo(24 ** 2 / 208, 12)
    expect(report.bounds?.[0]).toBeCloseTo(14 / 26, 12)
    expect(report.bounds?.[1]).toBeCloseTo(16 / 26, 12)
    expect(report.classes['spam']?.precision.value).toBeCloseTo(2 / 12, 12)
    expect(report.classes['spam']?.recall.value).toBe(1)
    expect(report.classes['ham']?.precision.value).toBe(1)
    expect(report.classes['ham']?.recall.value).toBeCloseTo(12 / 22, 12)
    expect(qualityReportText(report)).toContain('truth is known of 4 of 5, which stand for 26 predictions')
    expect(qualityReportText(report)).not.toMatch(/NaN|undefined/)
  })

  test('is not known where nothing was drawn', () => {
    outbox.units.plan([pick(0, 'ham')])
    hold(outbox, 0, 'crowd', 'ham')
    const report = qualityReport({ outbox, policy: POLICY })
    expect(report).toMatchObject({ drawn: 0, known: 0, standFor: 0, accuracy: { effectiveSampleSize: 0 } })
    expect(report).not.toHaveProperty('bounds')
    expect(qualityReportText(report)).toContain('nothing is known')
  })
})

// Right where the model is sure, wrong for half of the others.
const sureness = (number: number): number => (number % 10) / 20 + 0.5
const truthOf = (number: number): 'ham' | 'spam' => (number % 10 < 4 && number % 20 < 10 ? 'spam' : 'ham')

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length

test('over many draws it is the quality of all predictions, which all picks together are far from', async () => {
  const [sizes, repetitions] = [[300, 900], 150]
  const ledger = new StubLedger()
  const predicted = Array.from({ length: 1200 }, (_, number) =>
    predictionOf(number, { value: 'ham', scores: { ham: sureness(number), spam: 1 - sureness(number) } }),
  )
  const actual = predicted.filter((_, number) => truthOf(number) === 'ham').length / predicted.length
  const estimates: number[] = []
  const naive: number[] = []
  let covered = 0
  for (let secret = 0; secret < repetitions; secret += 1) {
    const other = openOutbox({ path: ':memory:', now: () => 1000 })
    ledger.lines.length = 0
    ledger.acknowledged = 0
    const selection = createSelection({
      register: ledger,
      outbox: other,
      secret: `secret number ${secret}`.padEnd(16),
      plan: {
        task: 'spam',
        mix: { random: 1, uncertainty: 1 },
        crowd: { project: 'crowd', perRound: 80 },
        everySeconds: 0,
      },
    })
    for (const size of sizes) {
      ledger.lines.push(...predicted.slice(ledger.lines.length, ledger.lines.length + size))
      await selection.round()
    }
    const units = other.units.after(0, 1000)
    const numbers = units.map(({ prediction }) => Number(`0x${prediction.slice(0, 32)}`) - 1)
    for (const number of numbers) hold(other, number, 'crowd', truthOf(number))
    const { accuracy } = qualityReport({ outbox: other, policy: POLICY })
    const [low = 1, high = 0] = accuracy.interval ?? []
    estimates.push(accuracy.value ?? Number.NaN)
    naive.push(numbers.filter((number) => truthOf(number) === 'ham').length / numbers.length)
    if (low <= actual && actual <= high) covered += 1
    other.close()
  }
  // Two strata of 40 each: the variance of a stratified mean is at the most Σ (N_h / N)² / 4 / n_h.
  const deviation = Math.sqrt(sizes.reduce((sum, size) => sum + (size / 1200) ** 2 / 160, 0) / repetitions)
  expect(Math.abs(mean(estimates) - actual)).toBeLessThan(5 * deviation)
  expect(Math.abs(mean(naive) - actual)).toBeGreaterThan(0.1)
  // 95 %; five standard deviations of a binomial count below it.
  expect(covered / repetitions).toBeGreaterThan(0.95 - 5 * Math.sqrt((0.95 * 0.05) / repetitions))
})
