// Makes the npm scripts work right after `git clone`, on the machine's own Node from 20 on.
import { check } from './checks.mjs'
import { install, run } from './install.mjs'
import { benchUsage, testUsage } from './usage.mjs'

const SOURCE = ['--conditions=source', '--disable-warning=ExperimentalWarning']

/**
 * The main job starts as any service that is tracked from outside: it knows nothing of it. Nearly all that a mail needs is
 * needed no longer once the next one comes: more room for young objects (8 MiB here) costs memory and saves no time.
 */
const start = (rest) => {
  const tracked = ['--import', '@groundtrace/instrumentation/register.js', '--max-semi-space-size=8']
  return run([...SOURCE, ...tracked, 'examples/mail-triage/src/main.ts', ...rest], {
    env: { ...process.env, GROUNDTRACE_CONFIG: 'examples/mail-triage/src/groundtrace.config.ts' },
  })
}

const COMMANDS = {
  start: { scope: 'example', run: start },
  test: { scope: 'everything', usage: testUsage, run: check },
  /** Not among the checks: the first time it builds a Collector with Go, which takes minutes. */
  'test:collector': {
    scope: 'everything',
    run: (rest) => run(['node_modules/vitest/vitest.mjs', 'run', '--project', 'e2e:collector', ...rest]),
  },
  build: { scope: 'everything', run: (rest) => run(['node_modules/turbo/bin/turbo', 'run', 'build', ...rest]) },
  format: { scope: 'everything', run: (rest) => run(['node_modules/oxfmt/bin/oxfmt', ...rest, '.']) },
  lint: { scope: 'everything', run: (rest) => run(['node_modules/oxlint/bin/oxlint', '--type-aware', ...rest]) },
  bench: { scope: 'everything', usage: benchUsage, run: (rest) => run([...SOURCE, 'test/bench/main.ts', ...rest]) },
}

const [name, ...rest] = process.argv.slice(2)
const command = COMMANDS[name]
if (command === undefined) {
  process.stderr.write(`Unknown command ${name}. Use one of ${Object.keys(COMMANDS).join(', ')}.\n`)
  process.exit(2)
}
const usage = command.usage?.(rest)
if (usage !== undefined) {
  const stream = usage.code === 0 ? process.stdout : process.stderr
  stream.write(usage.text)
  process.exit(usage.code)
}
install(command.scope)
process.exit(command.run(rest))
