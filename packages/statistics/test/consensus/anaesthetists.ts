import type { Rating } from '@groundtrace/statistics'

/**
 * Five anaesthetists judge from a form, on a scale of 1 to 4, how fit 45 patients are for a general anaesthetic; the
 * first does so three times. Dawid and Skene 1979, table 1: one text per patient, the first three digits the first
 * anaesthetist's.
 */
const TABLE_1 = [
  '111 1 1 1 1|333 4 3 3 4|112 2 1 2 2|222 3 1 2 1|222 3 2 2 2|222 3 3 2 2|122 2 1 1 1|333 3 4 3 3|222 2 2 2 3',
  '232 2 2 2 3|444 4 4 4 4|222 3 3 4 3|111 1 1 1 1|222 3 2 1 2|121 1 1 1 1|111 2 1 1 1|111 1 1 1 1|111 1 1 1 1',
  '222 2 2 2 1|222 1 3 2 2|222 2 2 2 2|222 2 2 2 1|222 3 2 2 2|221 2 2 2 2|111 1 1 1 1|111 1 1 1 1|232 2 2 2 2',
  '111 1 1 1 1|111 1 1 1 1|112 1 1 2 1|111 1 1 1 1|333 3 2 3 3|111 1 1 1 1|222 2 2 2 2|222 3 2 3 2|433 4 3 4 3',
  '221 2 2 3 2|232 3 2 3 3|333 3 4 3 2|111 1 1 1 1|111 1 1 1 1|121 2 1 1 1|232 2 2 2 2|121 1 1 1 1|222 2 2 2 2',
].flatMap((line) => line.split('|'))

export const anaesthetistRows: readonly Rating[] = TABLE_1.flatMap((digits, patient) =>
  digits
    .split(' ')
    .flatMap((answers, observer) =>
      Array.from(answers, (value) => ({ unit: patient + 1, rater: observer + 1, value: Number(value) })),
    ),
)

/** The paper's estimates, to its two digits. Error rates are rows of the true class; an empty cell of the paper is 0. */
export const published = {
  prior: [0.4, 0.42, 0.11, 0.07],
  errorRates: [
    [
      [0.89, 0.11, 0, 0],
      [0.07, 0.88, 0.05, 0],
      [0, 0.34, 0.66, 0],
      [0, 0, 0.56, 0.44],
    ],
    [
      [0.83, 0.17, 0, 0],
      [0.05, 0.63, 0.31, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 1],
    ],
    [
      [1, 0, 0, 0],
      [0.11, 0.79, 0.11, 0],
      [0, 0.4, 0.2, 0.4],
      [0, 0, 0.67, 0.33],
    ],
    [
      [0.94, 0.06, 0, 0],
      [0.05, 0.84, 0.1, 0],
      [0, 0, 0.8, 0.2],
      [0, 0, 0.33, 0.67],
    ],
    [
      [1, 0, 0, 0],
      [0.16, 0.73, 0.11, 0],
      [0, 0.21, 0.79, 0],
      [0, 0, 0.33, 0.67],
    ],
  ],
  /** The patients whose class is not certain to two digits. */
  uncertain: new Map([
    [7, [0.98, 0.02, 0, 0]],
    [35, [0, 0.95, 0.05, 0]],
    [38, [0, 0.02, 0.98, 0]],
  ]),
  /** The class of every patient, in order. */
  classes: '142222132243121111222222112111131224233111212',
}
