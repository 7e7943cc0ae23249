import process from 'node:process'
import { runCommand } from './command.ts'
import { lineWriter } from './line-writer.ts'

/** The first signal asks to end, a second one ends at once, as ever. */
function untilStopped(): Promise<unknown> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve)
  })
}

process.exitCode = await runCommand(process.argv.slice(2), {
  environment: process.env,
  out: (text) => process.stdout.write(`${text}\n`),
  error: (text) => process.stderr.write(text.endsWith('\n') ? text : `${text}\n`),
  write: lineWriter(process.stdout),
  untilStopped,
})
