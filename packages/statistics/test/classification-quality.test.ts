import { classificationQuality, wilsonInterval } from '@groundtrace/statistics'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refusal } from './refusal.ts'

const THREE = [
  [50, 3, 1],
  [4, 20, 2],
  [0, 5, 15],
]

const UNDEFINED = { value: undefined, interval: undefined }

const square = fc.integer({ min: 2, max: 5 }).chain((size) =>
  fc.array(fc.array(fc.integer({ min: 0, max: 60 }), { minLength: size, maxLength: size }), {
    minLength: size,
    maxLength: size,
  }),
)

describe('the figures', () => {
  test('are those of scikit-learn', () => {
    // scikit-learn 1.9: precision_recall_fscore_support, accuracy_score, balanced_accuracy_score.
    const quality = classificationQuality(THREE)
    const values = (name: 'precision' | 'recall' | 'f1') => quality.perClass.map((figures) => figures[name].value)
    expect(values('precision')).toEqual([0.9259259259259259, 0.7142857142857143, 0.8333333333333334])
    expect(values('recall')).toEqual([0.9259259259259259, 0.7692307692307693, 0.75])
    expect(values('f1')).toEqual([
      expect.closeTo(0.9259259259259259, 14),
      expect.closeTo(0.7407407407407407, 14),
      expect.closeTo(0.7894736842105263, 14),
    ])
    expect(quality.perClass.map(({ support, predicted }) => [support, predicted])).toEqual([
      [54, 54],
      [26, 28],
      [20, 18],
    ])
    expect(quality.total).toBe(100)
    expect(quality.accuracy.value).toBeCloseTo(0.85, 14)
    expect(quality.balancedAccuracy.value).toBeCloseTo(0.8150522317188984, 14)
    expect(quality.macro.precision.value).toBeCloseTo(0.8245149911816578, 14)
    expect(quality.macro.recall.value).toBeCloseTo(0.8150522317188984, 14)
    expect(quality.macro.f1.value).toBeCloseTo(0.8187134502923975, 14)
    expect(quality.weighted.precision.value).toBeCloseTo(0.8523809523809525, 14)
    expect(quality.weighted.recall.value).toBeCloseTo(0.85, 14)
    expect(quality.weighted.f1.value).toBeCloseTo(0.8504873294346978, 14)
    for (const figure of Object.values(quality.micro)) expect(figure.value).toBeCloseTo(0.85, 14)
  })

  test('of a class without support or prediction are undefined, and left out of the means', () => {
    // scikit-learn 1.9 with zero_division=nan. F1 of the third class, predicted but never true, is 0 by its formula.
    const { perClass, macro, weighted, balancedAccuracy } = classificationQuality([
      [5, 0, 0],
      [2, 0, 1],
      [0, 0, 0],
    ])
    expect(perClass[1]?.precision).toEqual(UNDEFINED)
    expect(perClass[1]?.f1.value).toBe(0)
    expect(perClass[2]?.recall).toEqual(UNDEFINED)
    expect(perClass[2]?.f1.value).toBe(0)
    expect(balancedAccuracy.value).toBeCloseTo(0.5, 14)
    expect(macro.precision.value).toBeCloseTo(0.35714285714285715, 14)
    expect(macro.f1.value).toBeCloseTo(0.2777777777777778, 14)
    expect(weighted.precision.value).toBeCloseTo(0.7142857142857143, 14)
    expect(weighted.f1.value).toBeCloseTo(0.5208333333333334, 14)
  })

  test('are all undefined without units', () => {
    const quality = classificationQuality([
      [0, 0],
      [0, 0],
    ])
    expect(quality.total).toBe(0)
    for (const figure of [quality.accuracy, quality.balancedAccuracy]) expect(figure).toEqual(UNDEFINED)
    for (const figures of [quality.macro, quality.micro, quality.weighted, ...quality.perClass]) {
      expect(figures).toMatchObject({ precision: UNDEFINED, recall: UNDEFINED, f1: UNDEFINED })
    }
  })

  test('of a class that never occurs are undefined', () => {
    const [, , never] = classificationQuality([
      [5, 1, 0],
      [2, 3, 0],
      [0, 0, 0],
    ]).perClass
    expect(never).toMatchObject({ precision: UNDEFINED, recall: UNDEFINED, f1: UNDEFINED, support: 0, predicted: 0 })
  })
})

describe('the intervals', () => {
  test('of accuracy, precision and recall are Wilson’s', () => {
    const { accuracy, perClass } = classificationQuality(THREE, { level: 0.9 })
    expect(accuracy.interval).toEqual(wilsonInterval(85, 100, { level: 0.9 }))
    expect(perClass[1]?.precision.interval).toEqual(wilsonInterval(20, 28, { level: 0.9 }))
    expect(perClass[1]?.recall.interval).toEqual(wilsonInterval(20, 26, { level: 0.9 }))
  })

  test('of F1 is Wilson’s for TP / (TP + FP + FN), transformed', () => {
    const [low, high] = wilsonInterval(20, 34)
    const { perClass } = classificationQuality(THREE)
    expect(perClass[1]?.f1.interval?.[0]).toBeCloseTo((2 * low) / (1 + low), 14)
    expect(perClass[1]?.f1.interval?.[1]).toBeCloseTo((2 * high) / (1 + high), 14)
  })

  test('of the averages are those of an independent calculation', () => {
    // mpmath with 30 digits: derivatives by differences instead of formulas, the rest from the cited papers.
    const { balancedAccuracy, macro, weighted } = classificationQuality(THREE)
    expect(balancedAccuracy.interval?.[0]).toBeCloseTo(0.7157888827514954, 12)
    expect(balancedAccuracy.interval?.[1]).toBeCloseTo(0.8861389311670352, 12)
    expect(macro.recall).toEqual(balancedAccuracy)
    expect(macro.f1.interval?.[0]).toBeCloseTo(0.72196135180087, 12)
    expect(macro.f1.interval?.[1]).toBeCloseTo(0.8870643113662378, 12)
    expect(weighted.f1.interval?.[0]).toBeCloseTo(0.7677188703108087, 12)
    expect(weighted.f1.interval?.[1]).toBeCloseTo(0.9073232824879219, 12)
    expect(weighted.precision.interval?.[0]).toBeCloseTo(0.7691072434769912, 12)
    expect(weighted.precision.interval?.[1]).toBeCloseTo(0.9091681553078625, 12)
  })

  test('have a width where everything is right, and with one class', () => {
    const perfect = classificationQuality([
      [20, 0],
      [0, 5],
    ])
    const alone = classificationQuality([[8]])
    for (const { balancedAccuracy, macro, weighted } of [perfect, alone]) {
      for (const { value, interval } of [balancedAccuracy, macro.f1, weighted.f1, weighted.precision]) {
        expect(value).toBe(1)
        expect(interval?.[0]).toBeGreaterThan(0.4)
        expect(interval?.[0]).toBeLessThan(0.95)
        expect(interval?.[1]).toBe(1)
      }
    }
  })

  test('of weighted counts follow the effective sample size, the values do not', () => {
    const plain = classificationQuality(THREE)
    const weighted = classificationQuality(
      THREE.map((row) => row.map((count) => count * 40)),
      { effectiveSampleSize: 100 },
    )
    expect(weighted.total).toBe(4000)
    expect(weighted.perClass[0]?.support).toBe(2160)
    expect(weighted.macro.f1.interval?.[0]).toBeCloseTo(plain.macro.f1.interval?.[0] ?? 0, 12)
    expect(weighted.accuracy.interval?.[1]).toBeCloseTo(plain.accuracy.interval?.[1] ?? 0, 12)
    expect(weighted.macro.f1.value).toBeCloseTo(plain.macro.f1.value ?? 0, 12)
  })
})

describe('laws', () => {
  test('every figure lies in its interval, and that in [0, 1]', () => {
    fc.assert(
      fc.property(square, (confusion) => {
        const { accuracy, balancedAccuracy, macro, weighted, perClass } = classificationQuality(confusion)
        const figures = [macro, weighted, ...perClass].flatMap(({ precision, recall, f1 }) => [precision, recall, f1])
        for (const { value, interval } of [accuracy, balancedAccuracy, ...figures]) {
          expect(interval === undefined).toBe(value === undefined)
          const [low, high] = interval ?? [0, 1]
          const ends = [0, low, value ?? (low + high) / 2, high, 1]
          for (const [at, end] of ends.entries()) expect(end).toBeGreaterThanOrEqual((ends[at - 1] ?? 0) - 1e-12)
        }
      }),
    )
  })

  test('the order of the classes does not matter', () => {
    fc.assert(
      fc.property(square, (confusion) => {
        const turned = confusion.toReversed().map((row) => row.toReversed())
        const [one, other] = [classificationQuality(confusion), classificationQuality(turned)]
        for (const name of ['precision', 'recall', 'f1'] as const) {
          for (const average of ['macro', 'weighted'] as const) {
            const [a, b] = [one[average][name], other[average][name]]
            expect(a.value ?? -1).toBeCloseTo(b.value ?? -1, 10)
            expect(a.interval?.[0] ?? -1).toBeCloseTo(b.interval?.[0] ?? -1, 10)
            expect(a.interval?.[1] ?? -1).toBeCloseTo(b.interval?.[1] ?? -1, 10)
          }
        }
      }),
    )
  })

  test('swapping truth and prediction swaps precision and recall', () => {
    fc.assert(
      fc.property(square, (confusion) => {
        const swapped = confusion.map((_, i) => confusion.map((row) => row[i] ?? 0))
        const [one, other] = [classificationQuality(confusion), classificationQuality(swapped)]
        expect(one.macro.precision).toEqual(other.macro.recall)
        expect(one.perClass.map(({ recall }) => recall)).toEqual(other.perClass.map(({ precision }) => precision))
        expect(one.macro.f1.value ?? -1).toBeCloseTo(other.macro.f1.value ?? -1, 12)
      }),
    )
  })
})

function names(classes?: string[]): string[] {
  return classificationQuality(THREE, { classes }).perClass.map((quality) => quality.class)
}

describe('names and refusals', () => {
  test('classes are named by their place, or as told', () => {
    expect(names()).toEqual(['0', '1', '2'])
    expect(names(['ham', 'spam', 'news'])).toEqual(['ham', 'spam', 'news'])
  })

  test.each([
    ['a row that is too short', [[1, 2], [3]], {}, 'length-mismatch'],
    [
      'too few names',
      [
        [1, 0],
        [0, 1],
      ],
      { classes: ['a'] },
      'length-mismatch',
    ],
    [
      'a name twice',
      [
        [1, 0],
        [0, 1],
      ],
      { classes: ['a', 'a'] },
      'invalid-argument',
    ],
    [
      'a name that is no text',
      [
        [1, 0],
        [0, 1],
      ],
      { classes: [1, 2] },
      'invalid-argument',
    ],
    ['no class', [], {}, 'invalid-argument'],
    [
      'a negative count',
      [
        [1, -1],
        [0, 1],
      ],
      {},
      'invalid-argument',
    ],
    [
      'a count that is no number',
      [
        [1, Number.NaN],
        [0, 1],
      ],
      {},
      'invalid-argument',
    ],
    ['no array', undefined, {}, 'invalid-argument'],
    ['rows that are no arrays', [1, 2], {}, 'invalid-argument'],
    [
      'an effective sample size of 0',
      [
        [1, 0],
        [0, 1],
      ],
      { effectiveSampleSize: 0 },
      'invalid-argument',
    ],
  ] as const)('%s', (_, confusion, options, code) => {
    expect(() => classificationQuality(confusion as never, options as never)).toThrow(refusal(code))
  })
})
