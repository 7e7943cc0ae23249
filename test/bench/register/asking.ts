import type { Register } from '@groundtrace/core'
import { predictionOf, ratingOf } from './material.ts'

/** Nanoseconds an operation, of each sample. */
export interface AskTimes {
  readonly lookUp: readonly number[]
  readonly join: readonly number[]
  readonly tail: readonly number[]
}

const LOOK_UPS = 2000
const JOINS = 20_000
const JOIN_BATCH = 500
const PAGE = 1000

/** Look-ups of predictions anywhere in the register, joins of a rating each, and reading on in the outcomes. */
export async function timeAsking(register: Register, lines: number): Promise<AskTimes> {
  const lookUp: number[] = []
  for (let at = 0; at < LOOK_UPS; at += 1) {
    const { id } = predictionOf((at * 7919) % lines)
    const started = performance.now()
    const found = await register.prediction(id)
    lookUp.push((performance.now() - started) * 1e6)
    if (found?.id !== id) throw new Error(`Prediction ${id} was not found`)
  }
  const join: number[] = []
  const ratings = Math.min(JOINS, lines)
  for (let from = 0; from < ratings; from += JOIN_BATCH) {
    const feedback = Array.from({ length: JOIN_BATCH }, (_, at) => ratingOf(((from + at) * 104_729) % lines))
    const started = performance.now()
    await register.appendFeedback(feedback)
    join.push(((performance.now() - started) * 1e6) / JOIN_BATCH)
  }
  const tail: number[] = []
  for (let after = 0; ;) {
    const started = performance.now()
    const page = await register.read('outcomes', { after, limit: PAGE })
    if (page.lines.length === 0) break
    tail.push(((performance.now() - started) * 1e6) / page.lines.length)
    after = page.position
  }
  return { lookUp, join, tail }
}
