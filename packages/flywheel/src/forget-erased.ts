import type { Register, TrackingId } from '@groundtrace/core'
import { erasedEvidence, type ErasingRegister } from './erased-evidence.ts'
import type { ExamplePool } from './example-pool.ts'

/**
 * Drops the examples of a pool that may not be used any more: those whose features were erased or pruned since they were
 * collected, and those that rest on feedback which was erased. Call it before a split, where a pool lives for long.
 * @returns how many examples went
 * @throws what the register throws
 */
export async function forgetErased(
  register: Pick<Register, 'prediction'> & ErasingRegister,
  pool: ExamplePool,
): Promise<number> {
  const restsOnErased = await erasedEvidence(register)
  const gone: TrackingId[] = []
  for (const { prediction, feedback } of pool.examples()) {
    const known = await register.prediction(prediction)
    if (known?.features === undefined || (await restsOnErased(prediction, feedback))) gone.push(prediction)
  }
  return pool.forget(gone)
}
