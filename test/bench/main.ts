import process from 'node:process'
import { annotation } from './annotation.ts'
import { readBenchArguments } from './arguments.ts'
import { crash } from './crash.ts'
import { loop } from './loop.ts'
import { overhead } from './overhead.ts'
import { register } from './register.ts'
import { reportText, type Benchmark } from './report.ts'

const BENCHMARKS: Readonly<Record<string, Benchmark>> = { annotation, crash, loop, overhead, register }

const NAMES = Object.keys(BENCHMARKS)

const USAGE = `Usage: npm run bench -- NAME [--json] [--full]

  NAME     one of ${NAMES.join(', ')}
  --json   print one JSON object, and nothing else, on standard output
  --full   the large sizes
`

const given = readBenchArguments(process.argv.slice(2), NAMES)
if (typeof given === 'string') {
  process.stderr.write(`${given}. Name one of ${NAMES.join(', ')}.\n\n${USAGE}`)
  process.exitCode = 2
} else {
  const { json, full, name } = given
  const report = await BENCHMARKS[name ?? '']?.({ full, say: (text) => process.stderr.write(`${text}\n`) })
  if (report === undefined) process.stdout.write(USAGE)
  else process.stdout.write(`${json ? JSON.stringify(report, undefined, 2) : reportText(report)}\n`)
}
