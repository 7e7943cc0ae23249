import type { Count } from '@groundtrace/core'
import { cohortsOf } from './cohorts.ts'
import { maturityOf, newestHorizon } from './maturity.ts'

/** Of each task, the share of the answers to the predictions of its last horizon that is still to come, where it is known. */
export function answersToCome(counts: readonly Count[], now: number): readonly Count[] {
  return [...cohortsOf(counts, now)].flatMap(([task, cohorts]) => {
    const { toCome } = maturityOf(cohorts, { task, from: now - newestHorizon(cohorts), until: now })
    if (toCome === undefined) return []
    return [{ name: 'groundtrace_answers_to_come_ratio', labels: { task }, value: toCome.share }]
  })
}
