import process from 'node:process'
import { parseArgs } from 'node:util'
import { loop } from './loop.ts'
import { reportText, type Benchmark } from './report.ts'

const BENCHMARKS: Readonly<Record<string, Benchmark>> = { loop }

const USAGE = `Usage: npm run bench -- NAME [--json] [--full]

  NAME     one of ${Object.keys(BENCHMARKS).join(', ')}
  --json   print one JSON object, and nothing else, on standard output
  --full   the large sizes
`

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        full: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    return {
      ...values,
      name: positionals[0],
      benchmark: positionals.length === 1 ? BENCHMARKS[positionals[0] ?? ''] : undefined,
    }
  } catch {
    return undefined
  }
}

const given = readArguments()
if (given?.help) process.stdout.write(USAGE)
else if (given?.benchmark === undefined) {
  process.stderr.write(USAGE)
  process.exitCode = 2
} else {
  const report = await given.benchmark({ full: given.full, say: (text) => process.stderr.write(`${text}\n`) })
  process.stdout.write(`${given.json ? JSON.stringify(report, undefined, 2) : reportText(report)}\n`)
}
