import type { Count, JoinedOutcome } from '@groundtrace/core'

/** Outcome lines by phase. */
export function byPhase(lines: readonly JoinedOutcome[]): readonly Count[] {
  return lines.map(({ outcome }) => ({ name: 'outcomes', labels: { phase: outcome.phase }, value: 1 }))
}
