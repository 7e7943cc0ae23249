import { bayesianTruthSerum, normalQuantile } from '@groundtrace/statistics'
import type { AnnotatorAnswer } from './annotator-answer.ts'

/** Bayesian Truth Serum: an annotator's mean scores over units, in nats, of answers that came with shares. */
export type SerumFigure =
  | {
      readonly state: 'known'
      readonly units: number
      /** Above 0: they answer what is more common than people expect. */
      readonly information: number
      /** 0 at best: how well they expect what others answer. */
      readonly prediction: number
      /** The sum of both; what honest answers and expectations make as high as it can be. */
      readonly total: number
      /** Of the total, over units (95 %). */
      readonly interval: readonly [number, number]
    }
  | { readonly state: 'too-little'; readonly units: number }

/** With fewer respondents the shares of answers say next to nothing. */
const LEAST_RESPONDENTS = 3

const LEVEL = 0.95

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Scores by annotator; of those only who gave shares for a unit that enough others gave them for as well. */
export function serumScores(
  answers: readonly AnnotatorAnswer[],
  classes: readonly string[],
  least: number,
): ReadonlyMap<number, SerumFigure> {
  const scores = new Map<number, { information: number[]; prediction: number[]; total: number[] }>()
  for (const own of Map.groupBy(answers, ({ unit }) => unit).values()) {
    const asked = own.flatMap(({ annotator, label, shares }) =>
      label === undefined || shares === undefined ? [] : [{ annotator, label, shares }],
    )
    if (asked.length < LEAST_RESPONDENTS) continue
    const scored = bayesianTruthSerum({
      answers: asked.map(({ label }) => classes.indexOf(label)),
      predictions: asked.map(({ shares }) => classes.map((name) => shares[name] ?? 0)),
    })
    for (const [index, { information, prediction, total }] of scored.entries()) {
      const annotator = asked[index]?.annotator ?? 0
      const sums = scores.get(annotator) ?? { information: [], prediction: [], total: [] }
      sums.information.push(information)
      sums.prediction.push(prediction)
      sums.total.push(total)
      scores.set(annotator, sums)
    }
  }
  const deviate = normalQuantile((1 + LEVEL) / 2)
  return new Map(
    [...scores].map(([annotator, { information, prediction, total }]): [number, SerumFigure] => {
      const units = total.length
      if (units < least) return [annotator, { state: 'too-little', units }]
      const average = mean(total)
      const variance = total.reduce((sum, value) => sum + (value - average) ** 2, 0) / (units - 1)
      const half = deviate * Math.sqrt(variance / units)
      const figure = { units, information: mean(information), prediction: mean(prediction), total: average }
      return [annotator, { state: 'known', ...figure, interval: [average - half, average + half] }]
    }),
  )
}
