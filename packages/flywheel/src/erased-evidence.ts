import type { Register, TrackingId } from '@groundtrace/core'

/** The part of the register that says what was erased. */
export type ErasingRegister = Pick<Register, 'feedbackOn' | 'totals'>

/** Whether an example rests on feedback whose payload was erased: whose word it was does not want it to be used. */
export type RestsOnErased = (prediction: TrackingId, evidence: readonly TrackingId[]) => Promise<boolean>

/** Asks a register once whether anything was ever erased from it, and only then for each example. */
export async function erasedEvidence(register: ErasingRegister): Promise<RestsOnErased> {
  const { erased, withheld } = (await register.totals()).removed
  if (erased + withheld === 0) return () => Promise.resolve(false)
  return async (prediction, evidence) => {
    if (evidence.length === 0) return false
    const ids = new Set(evidence)
    return (await register.feedbackOn(prediction)).some(
      ({ feedback, erased: gone }) => gone === true && ids.has(feedback.id),
    )
  }
}
