import { registerReader } from './register-reader.ts'
import type { MetricsRegister } from './tail-ledgers.ts'

/**
 * Counts what was appended to the ledgers, to their ends, as the exporter does: for a program that has none. A line is
 * counted once, whoever counts it.
 * @returns how many lines were counted
 * @throws GroundtraceError as the register rejects
 */
export async function countLedgers(register: MetricsRegister): Promise<number> {
  const reader = registerReader({
    register,
    linesPerReading: 0,
    timeoutSeconds: 0,
    versions: 1,
    onError: () => undefined,
    now: Date.now,
  })
  return await reader.update()
}
