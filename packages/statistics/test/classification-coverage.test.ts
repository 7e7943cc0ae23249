import { classificationQuality, type ClassificationQuality, type Estimate } from '@groundtrace/statistics'
import { expect, test } from 'vitest'
import { multinomialSampler } from '../src/multinomial-sample.ts'
import { coverage } from './coverage.ts'

const FIGURES: Readonly<Record<string, (quality: ClassificationQuality) => Estimate>> = {
  accuracy: (quality) => quality.accuracy,
  'balanced accuracy': (quality) => quality.balancedAccuracy,
  'F1 of the first class': ({ perClass, accuracy }) => perClass[0]?.f1 ?? accuracy,
  'macro precision': ({ macro }) => macro.precision,
  'macro F1': ({ macro }) => macro.f1,
  'weighted precision': ({ weighted }) => weighted.precision,
  'weighted F1': ({ weighted }) => weighted.f1,
}

// Expected confusions of populations: even, skewed, three classes, many classes that are nearly always right.
const WORLDS = [
  [
    'two even classes',
    60,
    [
      [45, 5],
      [5, 45],
    ],
  ],
  [
    'a class of 8 %',
    200,
    [
      [90, 2],
      [3, 5],
    ],
  ],
  [
    'a class of 1 %',
    1000,
    [
      [98, 1],
      [0.2, 0.8],
    ],
  ],
  [
    'three classes',
    150,
    [
      [60, 5, 1],
      [3, 20, 1],
      [1, 4, 5],
    ],
  ],
  [
    'eight classes',
    200,
    Array.from({ length: 8 }, (_, i) => Array.from({ length: 8 }, (__, j) => (i === j ? 10 : 0.1))),
  ],
] as const

const cases = WORLDS.flatMap(([name, units, cells]) =>
  Object.keys(FIGURES).map((figure) => [name, figure, units, cells] as const),
)

test.each(cases)('%s: 95 %% intervals hold the %s', (name, figure, units, cells) => {
  const classes = cells.length
  const total = cells.flat().reduce((sum, cell) => sum + cell, 0)
  const truth = FIGURES[figure]?.(classificationQuality(cells)).value ?? Number.NaN
  const shares = cells.flat().map((cell) => cell / total)
  const rate = coverage(`${name} ${figure}`, 800, (random) => {
    const counts = multinomialSampler(shares, random)(units)
    const quality = classificationQuality(
      Array.from({ length: classes }, (_, row) => counts.slice(row * classes, (row + 1) * classes)),
    )
    // An average over fewer classes, as when one was not drawn, is another figure than the truth compared with.
    const complete = quality.perClass.every((one) => one.support > 0 && one.predicted > 0)
    return { truth, interval: complete ? FIGURES[figure]?.(quality).interval : undefined }
  })
  // 0.92, the least that the documentation promises, less three standard errors of 800 repetitions.
  expect(rate).toBeGreaterThan(0.92 - 0.0288)
  expect(rate).toBeLessThan(0.995)
})
