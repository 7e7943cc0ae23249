import { fleissKappa, krippendorffAlpha } from '@groundtrace/statistics'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { close } from './close.ts'
import { refusal } from './refusal.ts'

/** Fleiss (1971), table 1: diagnoses of 30 patients by six psychiatrists each, in five classes. */
const DIAGNOSES = `00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031
00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006`
  .split(/\s/)
  .map((digits) => Array.from(digits, Number))

test("of Fleiss' psychiatric diagnoses is the .430 that he prints", () => {
  // He prints the column totals 26, 26, 30, 55, 43, mean agreement .556 and chance agreement .220.
  expect([0, 1, 2, 3, 4].map((column) => DIAGNOSES.reduce((sum, unit) => sum + (unit[column] ?? 0), 0))).toEqual([
    26, 26, 30, 55, 43,
  ])
  const { kappa, observed, expected } = fleissKappa(DIAGNOSES)
  expect([observed.toFixed(3), expected.toFixed(3), kappa?.toFixed(3)]).toEqual(['0.556', '0.220', '0.430'])
  // Σ n² is 680: (680 / 30 − 6) / 30; Σ of the squared totals is 7126 of 180².
  const agreement = (DIAGNOSES.flat().reduce((sum, count) => sum + count * count, 0) / 30 - 6) / 30
  const chance = (26 ** 2 + 26 ** 2 + 30 ** 2 + 55 ** 2 + 43 ** 2) / 180 ** 2
  expect(kappa).toBeCloseTo((agreement - chance) / (1 - chance), 12)
})

test('differs from the nominal alpha by the correction for few units only', () => {
  // Krippendorff: alpha = 1 − (1 − kappa)(n − 1) / n of n values, when all units have equally many.
  const counts = fc
    .integer({ min: 2, max: 5 })
    .chain((raters) =>
      fc.array(fc.array(fc.nat(2), { minLength: raters, maxLength: raters }), { minLength: 1, maxLength: 20 }),
    )
  fc.assert(
    fc.property(counts, (units) => {
      const rows = units.flatMap((values, unit) => values.map((value, rater) => ({ unit, rater, value })))
      const table = units.map((values) => [0, 1, 2].map((value) => values.filter((other) => other === value).length))
      const { kappa } = fleissKappa(table)
      const { alpha } = krippendorffAlpha(rows, { level: 'nominal' })
      const corrected = kappa === undefined ? undefined : 1 - ((1 - kappa) * (rows.length - 1)) / rows.length
      expect(alpha).toEqual(close(corrected))
    }),
  )
})

test('is undefined where everybody gave one class', () => {
  expect(
    fleissKappa([
      [3, 0],
      [3, 0],
    ]),
  ).toEqual({ kappa: undefined, observed: 1, expected: 1 })
})

test.each([
  ['no units', [], 'no-data', /no units/],
  ['units of one rating', [[1, 0]], 'invalid-argument', /counts\[0\] has 1 ratings/],
  [
    'units with other numbers of ratings',
    [
      [2, 0],
      [2, 1],
    ],
    'invalid-argument',
    /counts\[1\] has 3 .*krippendorffAlpha/,
  ],
  ['units with other numbers of classes', [[2, 0], [2]], 'length-mismatch', /counts\[1\] has 1 classes/],
  ['a count that is not whole', [[1.5, 0.5]], 'invalid-argument', /counts\[0\]\[0\] is 1.5/],
  ['a negative count', [[3, -1]], 'invalid-argument', /counts\[0\]\[1\] is -1/],
  ['units that are none', [2, 2], 'invalid-argument', /counts\[0\] is 2/],
  ['nothing', undefined, 'invalid-argument', /counts is undefined/],
] as const)('refuses %s', (_, counts, code, cause) => {
  expect(() => fleissKappa(counts as never)).toThrow(refusal(code, cause))
})
