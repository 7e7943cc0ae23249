const HOUR = 3600
const DAY = 24 * HOUR

/** Upper edges of the bins that scores are counted in. */
export const SCORE_BUCKETS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1] as const

/** Upper bounds of the delays of feedback in seconds, from a second to a quarter of a year. */
export const DELAY_BUCKETS = [
  1,
  10,
  60,
  600,
  HOUR,
  6 * HOUR,
  DAY,
  3 * DAY,
  7 * DAY,
  14 * DAY,
  30 * DAY,
  90 * DAY,
] as const
