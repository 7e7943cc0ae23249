import type { Prediction } from '@groundtrace/core'
import type { Driver } from '../checked-register.ts'
import { receipt, unread, type Judgement } from '../receipt.ts'
import { encodePredictions } from './prediction-lines.ts'
import type { StoreDriver } from './store-driver.ts'

/** Checks predictions and writes them as lines where they are appended; the lines are stored where the store is. */
export function appending(store: StoreDriver, now: () => number): Driver['appendPredictions'] {
  return async (predictions) => {
    const { encoded, ...lines } = encodePredictions(predictions, now())
    const judgements = (await store.appendLines(lines)).values()
    return encoded.map((one, index) => {
      if ('refused' in one) return unread(predictions[index] as Prediction, one.refused)
      const { status, reason } = judgements.next().value as Judgement
      return receipt(one.id, status, reason)
    })
  }
}
