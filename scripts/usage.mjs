// What can be said of a command line before anything is installed for it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const TEST = `Usage: npm test [-- options]

  --services  install the services that some tests need, as is done unasked as root on Debian
  --help      this text

Runs every check; with CI=true a service that is missing is a failure. One file of tests alone: npx vitest run FILE
`

/** The benchmarks there are, by the table that runs them. */
function benchmarks() {
  const table = readFileSync(join(import.meta.dirname, '../test/bench/main.ts'), 'utf8')
  const [, entries = ''] = /BENCHMARKS: [^=]*= \{([^}]*)\}/.exec(table) ?? []
  return entries
    .split(',')
    .map((entry) => entry.trim())
    .filter((name) => name !== '')
}

/** What `npm test` is asked, or can't do, without a test; undefined where there is nothing to say. */
export function testUsage(rest) {
  if (rest.includes('--help')) return { text: TEST, code: 0 }
  const unknown = rest.find((argument) => argument !== '--services')
  return unknown === undefined ? undefined : { text: `npm test has no option ${unknown}.\n\n${TEST}`, code: 2 }
}

/** Why `npm run bench` can't run, where the name says it already; undefined where it does not. */
export function benchUsage(rest) {
  const name = rest.find((argument) => !argument.startsWith('-'))
  const known = benchmarks()
  if (rest.includes('--help') || known.includes(name)) return undefined
  const cause = name === undefined ? 'No benchmark is named' : `There is no benchmark ${name}`
  return { text: `${cause}. Name one of ${known.join(', ')}: npm run bench -- NAME [--json] [--full]\n`, code: 2 }
}
