import type { Rating } from '@groundtrace/statistics'

/** One line per rater, one column per unit, a point where a rating is missing. */
export function ratingsOf(lines: readonly string[]): Rating[] {
  return lines.flatMap((line, rater) =>
    line
      .split(' ')
      .map((text, unit) => ({ unit, rater, value: /^\d+$/.test(text) ? Number(text) : text }))
      .filter(({ value }) => value !== '.'),
  )
}

/** K. Krippendorff, "Computing Krippendorff's alpha-reliability", 2011, example A: binary, two observers. */
export const MEG_AND_OWEN = ratingsOf(['0 1 0 0 0 0 0 0 1 0', '1 1 1 0 0 1 0 0 0 0'])

/** Example B: nominal, two observers. */
export const BEN_AND_GERRY = ratingsOf(['a a b b d c c c e d d a', 'b a b b b c c c e d d d'])

/** Example C: four observers, twelve units, missing ratings. */
export const FOUR_OBSERVERS = ratingsOf([
  '1 2 3 3 2 1 4 1 2 . . .',
  '1 2 3 3 2 2 4 1 2 5 . 3',
  '. 3 3 3 2 3 4 2 2 5 1 .',
  '1 2 3 3 2 4 4 1 2 5 1 .',
])
