import process from 'node:process'
import { createInterface } from 'node:readline/promises'
import { runCommand } from './command.ts'
import { outputTo } from './output.ts'

/** The first signal asks to end, a second one ends at once, as ever. */
function untilStopped(): Promise<unknown> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve)
  })
}

/** Anything but yes is no, the end of what is typed included. */
async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')))
  const answer = await Promise.race([terminal.question(`${question} [y/N] `), closed])
  terminal.close()
  return /^y(es)?$/i.test(answer.trim())
}

const error = (text: string): void => void process.stderr.write(text.endsWith('\n') ? text : `${text}\n`)
// Where nobody can be told anything, the exit code still says it.
process.stderr.on('error', () => undefined)
const { out, write, taken } = outputTo(process.stdout, error)

const code = await runCommand(process.argv.slice(2), {
  environment: process.env,
  out,
  error,
  write,
  untilStopped,
  ...(process.stdin.isTTY && process.stdout.isTTY && { confirm }),
})
process.exitCode = (await taken()) ? code : 1
