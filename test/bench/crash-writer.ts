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
/** Predictions of one call in a row of calls. A SQLite register seals keys every 32,768: some writers die of it, and all meet it. */
const BURST = driver === 'sqlite' ? 4096 : 256
/** Numbers of them, behind those of the others. */
const BURSTS = 500_000

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

/** As many IDs as that would be cut in half by a kill. */
function acknowledgeAll(from: number, receipts: readonly Receipt[]): void {
  const refused = receipts.find(({ status }) => status !== 'stored' && status !== 'duplicate')
  if (refused !== undefined) throw new Error(`${refused.id} is ${refused.status}: ${refused.reason}`)
  writeSync(1, `${JSON.stringify({ from, count: receipts.length })}\n`)
}

const register = await insist(() => openCrashed(driver, place))
let burst = Number(first) + BURSTS
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
  const many = Array.from({ length: BURST }, (_, index) => prediction(burst + index, { time: START }))
  acknowledgeAll(burst, await insist(() => register.appendPredictions(many)))
  burst += BURST
  await insist(() => register.closeHorizons({ now: Number.MAX_SAFE_INTEGER, limit: BATCH / 2 }))
  await insist(() => register.advance('crash', 'outcomes', byPhase, BATCH))
}
