import { OUTCOME_PHASES, OUTCOME_STATES } from '@groundtrace/core'
import { expect, test } from 'vitest'

// The words of the architecture's outcomes ledger; stores and metrics spell them.
test('an outcome is in one of five states and three phases', () => {
  expect(OUTCOME_STATES).toEqual(['settled', 'contested', 'retracted', 'expired', 'censored'])
  expect(OUTCOME_PHASES).toEqual(['early', 'horizon', 'late'])
})
