import { describe } from 'vitest'
import { appendCases } from './appends.ts'
import { businessKeyCases } from './business-keys.ts'
import { consentCases } from './consent.ts'
import { erasureCases } from './erasure.ts'
import { joinCases } from './joins.ts'
import { lawCases } from './laws.ts'
import { lifecycleCases, reopeningCases } from './lifecycle.ts'
import { lineageCases } from './lineage-lines.ts'
import { memberCases } from './members.ts'
import { outcomeCases } from './outcomes.ts'
import { pruningCases } from './pruning.ts'
import { refusalCases } from './refusals.ts'
import { tailCases } from './tails.ts'
import { takeBackCases } from './take-backs.ts'
import type { OpenRegister } from './under-test.ts'

export interface ConformanceOptions {
  /** The store outlives its register, so that `reopen` finds it again. Default true. */
  readonly reopens?: boolean
}

/**
 * Describes, with vitest, what every driver of the `Register` port must do. Each test gets a store of its own.
 * @param open opens a register over a fresh, empty store
 */
export function describeRegister(name: string, open: OpenRegister, { reopens = true }: ConformanceOptions = {}): void {
  describe(`the register port, by ${name}`, () => {
    for (const cases of [
      appendCases,
      refusalCases,
      joinCases,
      takeBackCases,
      businessKeyCases,
      outcomeCases,
      memberCases,
      tailCases,
      lineageCases,
      erasureCases,
      consentCases,
      pruningCases,
      lifecycleCases,
      lawCases,
    ]) {
      cases(open)
    }
    if (reopens) reopeningCases(open)
  })
}
