// Appends, and neither closes the register nor ends itself.
import { openSqliteRegister } from '@groundtrace/register'
import { prediction } from '../../../src/testing/fixtures.ts'

const register = openSqliteRegister({ path: process.argv[2] ?? '' })
const receipts = await register.appendPredictions([prediction(1), prediction(2)])
process.stdout.write(`${receipts.map(({ status }) => status).join()}\n`)
