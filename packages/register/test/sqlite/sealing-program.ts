/**
 * Appends to a register until it is killed, so many predictions a call that keys are sealed in each, and says after each call
 * how many calls the file holds. Arguments: path, calls that it holds already.
 */
import { writeSync } from 'node:fs'
import { openSqliteRegister } from '../../src/index.ts'
import { linesOf } from './sealing-lines.ts'

const [, , path = '', first = '0'] = process.argv

const register = openSqliteRegister({ path })
for (let call = Number(first); ; call += 1) {
  await register.appendPredictions(linesOf(call))
  writeSync(1, `${call + 1}\n`)
}
