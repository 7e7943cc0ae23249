// Appends to a register in this process, and says its memory at a tenth of the lines and at all of them. Run with a space for
// young objects that does not grow: its size follows how fast this program makes lines, not how many the register holds.
import { openSqliteRegister } from '@groundtrace/register'
import { predictions, TASK } from './material.ts'

const BATCH = 1000
const [path = '', lines = '0'] = process.argv.slice(2)
const total = Number(lines)

function settledMegabytes(): number {
  globalThis.gc?.()
  return process.memoryUsage().rss / 1e6
}

const register = openSqliteRegister({ path, tasks: [TASK] })
let tenth = 0
for (let from = 0; from < total; from += BATCH) {
  await register.appendPredictions(predictions(from, from + BATCH))
  if (from + BATCH === total / 10) tenth = settledMegabytes()
}
process.stdout.write(JSON.stringify({ tenth, all: settledMegabytes() }))
await register.close()
