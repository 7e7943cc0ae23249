/**
 * Writes to a register until it is killed, and says after each call what was acknowledged: one JSON line a call, written
 * before the next call begins. A call that fails is made again, as a processor does. Arguments: driver, place, number of the
 * first prediction.
 */
import { writeSync } from 'node:fs'
import process from 'node:process'
import { setTimeout } from 'node:timers/promises'
import type { Receipt } from '@groundtrace/core'
import { id, prediction, rated, START } from '../../packages/register/src/testing/fixtures.ts'
import { byPhase, openCrashed } from './crash-register.ts'

const [, , driver = '', place = '', first = '1'] = process.argv
const BATCH = 20
const FEEDBACK = 1_000_000_000
const PAUSE_MILLISECONDS = 20

// Nobody reads any more: the benchmark has ended.
process.stdin.resume().once('end', () => process.exit())

async function insist<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call()
    } catch {
      await setTimeout(PAUSE_MILLISECONDS)
    }
  }
}

function acknowledge(ledger: 'predictions' | 'feedback', receipts: readonly Receipt[]): void {
  const kept = receipts.filter(({ status }) => status !== 'rejected' && status !== 'conflict')
  writeSync(1, `${JSON.stringify({ [ledger]: kept.map((receipt) => receipt.id) })}\n`)
}

const register = await insist(() => openCrashed(driver, place))
for (let start = Number(first); ; start += BATCH) {
  const numbers = Array.from({ length: BATCH }, (_, index) => start + index)
  const said = numbers.map((number) =>
    rated(FEEDBACK + number, number, number % 3 !== 0, { time: START, comment: 'words' }),
  )
  const lines = numbers.map((number) => prediction(number, { time: START, features: { number }, parent: id(FEEDBACK) }))
  // Half of the feedback comes before its prediction.
  acknowledge('feedback', await insist(() => register.appendFeedback(said.slice(0, BATCH / 2))))
  acknowledge('predictions', await insist(() => register.appendPredictions(lines)))
  acknowledge('feedback', await insist(() => register.appendFeedback(said.slice(BATCH / 2))))
  await insist(() => register.closeHorizons({ now: Number.MAX_SAFE_INTEGER, limit: BATCH / 2 }))
  await insist(() => register.advance('crash', 'outcomes', byPhase, BATCH))
}
