import { wilsonInterval } from '@groundtrace/statistics'
import { accuracyEstimate, type AccuracyEstimate, type OwnEvidence } from './accuracy-estimate.ts'

export type Interval = readonly [number, number]

/** A figure with its interval (95 %); `too-little`: there are too few answers to give one. */
export type Figure =
  | { readonly state: 'known'; readonly answers: number; readonly value: number; readonly interval: Interval }
  | { readonly state: 'too-little'; readonly answers: number }

/**
 * How often somebody is right, of all answers whose truth is known more or less. `effective`: how many answers whose truth
 * is known for sure would say as much.
 */
export type Accuracy =
  | {
      readonly state: 'known'
      readonly answers: number
      readonly effective: number
      readonly value: number
      readonly interval: Interval
    }
  | { readonly state: 'too-little'; readonly answers: number; readonly effective: number }

/** With fewer answers than this a share says next to nothing, and is not given. */
export const LEAST_ANSWERS = 20

const ROUNDING = 1e-6

/** Accuracy by evidence of others; with less than some certain answers would say, none is given. */
export function accuracyOf(evidence: readonly OwnEvidence[]): Accuracy {
  const { value, effective = 0, interval }: Partial<AccuracyEstimate> = accuracyEstimate(evidence) ?? {}
  const answers = evidence.length
  return value === undefined || interval === undefined || effective < LEAST_ANSWERS - ROUNDING
    ? { state: 'too-little', answers, effective }
    : { state: 'known', answers, effective, value, interval }
}

/** A share of answers. */
export function figure(right: number, answers: number): Figure {
  if (answers < LEAST_ANSWERS) return { state: 'too-little', answers }
  return { state: 'known', answers, value: right / answers, interval: wilsonInterval(right, answers) }
}
