import { GroundtraceError, type Prediction, type Receipt } from '@groundtrace/core'
import type { Driver } from '../checked-register.ts'
import { claimedId, receipt, type Judgement } from '../receipt.ts'
import { encodePredictions } from './prediction-lines.ts'
import type { StoreDriver } from './store-driver.ts'

/** Why a line was refused. Reading it may throw anything: a proxy's word is not to be passed on. */
function refused(line: Prediction, error: unknown): Receipt {
  const reason = GroundtraceError.isInstance(error) ? error.message : "It can't be read. Pass plain data."
  try {
    return receipt(claimedId(line), 'rejected', reason)
  } catch {
    return receipt('', 'rejected', reason)
  }
}

/** Checks predictions and writes them as lines where they are appended; the lines are stored where the store is. */
export function appending(store: StoreDriver, now: () => number): Driver['appendPredictions'] {
  return async (predictions) => {
    const { encoded, ...lines } = encodePredictions(predictions, now())
    const judgements = (await store.appendLines(lines)).values()
    return encoded.map((one, index) => {
      if ('refused' in one) return refused(predictions[index] as Prediction, one.refused)
      const { status, reason } = judgements.next().value as Judgement
      return receipt(one.id, status, reason)
    })
  }
}
