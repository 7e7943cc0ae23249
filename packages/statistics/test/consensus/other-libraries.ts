import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Rating } from '@groundtrace/statistics'

interface Skilled {
  readonly skill: readonly number[]
  readonly probability: Readonly<Record<string, readonly number[]>>
}

interface Fixture {
  readonly classes: readonly string[]
  readonly raters: readonly string[]
  readonly rows: readonly (readonly [unit: string, rater: string, value: string])[]
  readonly predictions: Readonly<Record<string, readonly number[]>>
  readonly cleanlab: {
    readonly label: Readonly<Record<string, string>>
    readonly quality: Readonly<Record<string, number>>
    readonly answerQuality: readonly number[]
    readonly raterWeight: readonly number[]
    readonly modelWeight: number
  }
  readonly crowdKit: {
    readonly wawa: Skilled & { readonly untied: readonly string[] }
    readonly oneCoin: Skilled & { readonly prior: readonly number[] }
    readonly dawidSkene: Omit<Skilled, 'skill'> & {
      readonly prior: readonly number[]
      /** Rater, truth, answers. */
      readonly confusion: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>
    }
  }
}

/** Answers, and what crowd-kit and cleanlab make of them; `about` in the file says which versions and how. */
export const otherLibraries = JSON.parse(
  readFileSync(join(import.meta.dirname, 'other-libraries.json'), 'utf8'),
) as Fixture

export const theirRows: readonly Rating[] = otherLibraries.rows.map(([unit, rater, value]) => ({ unit, rater, value }))
