import type { ComparedPrediction } from '@groundtrace/flywheel'

export interface MadeWindow {
  /** Predictions that only the candidate, and only the champion, is right on. */
  readonly won?: number
  readonly lost?: number
  /** Predictions that both are right on. */
  readonly agreed?: number
}

/** Predictions about mails of one class, each with its truth. */
export function predictionsOf(truth: string, { won = 0, lost = 0, agreed = 0 }: MadeWindow): ComparedPrediction[] {
  const wrong = truth === 'spam' ? 'ham' : 'spam'
  const times = (count: number, candidateLabel: string, championLabel: string) =>
    Array.from({ length: count }, () => ({ truth, candidateLabel, championLabel }))
  return [...times(won, truth, wrong), ...times(lost, wrong, truth), ...times(agreed, truth, truth)]
}

/** The same predictions before anybody told their truth. */
export function unknown(predictions: readonly ComparedPrediction[]): ComparedPrediction[] {
  return predictions.map(({ candidateLabel, championLabel }) => ({ candidateLabel, championLabel }))
}
