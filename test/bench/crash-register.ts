import type { Count, JoinedOutcome, Register } from '@groundtrace/core'
import { openSqliteRegister } from '@groundtrace/register'
import { openPostgresRegister } from '@groundtrace/register/postgres'
import { SPAM } from '../../packages/register/src/testing/fixtures.ts'

/** @param place path of a file, or URL of a database */
export async function openCrashed(driver: string, place: string): Promise<Register> {
  if (driver === 'sqlite') return openSqliteRegister({ path: place, tasks: [SPAM] })
  return await openPostgresRegister({ url: place, tasks: [SPAM], poolSize: 4 })
}

/** Outcome lines by phase. */
export function byPhase(lines: readonly JoinedOutcome[]): readonly Count[] {
  return lines.map(({ outcome }) => ({ name: 'outcomes', labels: { phase: outcome.phase }, value: 1 }))
}
