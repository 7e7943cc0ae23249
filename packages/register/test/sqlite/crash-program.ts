/**
 * Writes to a register until it is killed, and says after each call what was acknowledged: one JSON line a call, written
 * before the next call begins. Arguments: path, number of the first prediction.
 */
import { writeSync } from 'node:fs'
import { openSqliteRegister } from '../../src/index.ts'
import { DAY, id, prediction, rated, SPAM, START } from '../../src/testing/fixtures.ts'
import { byPhase } from './crash-count.ts'

const [, , path = '', first = '1'] = process.argv
const BATCH = 20
const FEEDBACK_OFFSET = 1_000_000

function acknowledge(line: object): void {
  writeSync(1, `${JSON.stringify(line)}\n`)
}

// Numbers are minutes of event time, and a million of them lie beyond today.
const register = openSqliteRegister({ path, tasks: [SPAM], now: () => START + 10_000 * DAY })
for (let start = Number(first); ; start += BATCH) {
  const numbers = Array.from({ length: BATCH }, (_, index) => start + index)
  // Half of the feedback comes before its prediction.
  const [early, late] = [numbers.slice(0, BATCH / 2), numbers.slice(BATCH / 2)]
  const say = (said: readonly number[]) =>
    said.map((number) => rated(FEEDBACK_OFFSET + number, number, number % 3 !== 0))
  await register.appendFeedback(say(early))
  acknowledge({ feedback: early.map((number) => id(FEEDBACK_OFFSET + number)) })
  await register.appendPredictions(numbers.map((number) => prediction(number, { features: { number } })))
  acknowledge({ predictions: numbers.map((number) => id(number)) })
  await register.appendFeedback(say(late))
  acknowledge({ feedback: late.map((number) => id(FEEDBACK_OFFSET + number)) })
  await register.closeHorizons({ now: Number.MAX_SAFE_INTEGER, limit: BATCH / 2 })
  await register.advance('crash', 'outcomes', byPhase, BATCH)
  acknowledge({})
}
