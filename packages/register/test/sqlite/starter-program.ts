/** Opens a register when told to, appends fifty predictions one by one, and ends. Arguments: path, number of this program. */
import { once } from 'node:events'
import { openSqliteRegister } from '../../src/index.ts'
import { prediction, TASKS } from '../../src/testing/fixtures.ts'

const [, , path = '', number = '0'] = process.argv
process.stdout.write('ready\n')
await once(process.stdin, 'data')
// It has nothing else to do, and calls once: it may wait for the others.
const register = openSqliteRegister({ path, tasks: TASKS, busyTimeoutMs: 30_000, thread: 'caller' })
for (let line = 1; line <= 50; line += 1) await register.appendPredictions([prediction(1000 * Number(number) + line)])
await register.close()
