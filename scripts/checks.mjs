// Every check of `npm test`, in the order in which a failure is cheapest to learn of.
import { run } from './install.mjs'
import { installServices, mayInstall, missingServices, SERVICES } from './services.mjs'

const bin = (path, ...rest) => [`node_modules/${path}`, ...rest]
const vitest = (project) => bin('vitest/vitest.mjs', 'run', '--project', project)

const CHECKS = [
  ['format', bin('oxfmt/bin/oxfmt', '--check', '.')],
  ['lint', bin('oxlint/bin/oxlint', '--type-aware')],
  ['build', bin('turbo/bin/turbo', 'run', 'build', '--output-logs=errors-only')],
  ['types', bin('typescript/bin/tsc', '-p', 'tsconfig.tests.json')],
  ['unused', bin('knip/bin/knip.js', '--no-progress')],
  ['packages', ['scripts/packages.mjs']],
  ['unit', vitest('unit')],
  ['integration', vitest('integration')],
  ['e2e', vitest('e2e')],
]

/** Runs all checks; the exit code is 1 as soon as one fails. */
export function check(arguments_) {
  const strict = process.env.CI === 'true'
  const missing = mayInstall(arguments_.includes('--services')) ? installServices() : missingServices()
  if (strict && missing.length > 0) {
    process.stderr.write(`Missing services: ${missing.map(({ name }) => name).join(', ')}. Install them, or unset CI to skip what needs them.\n`)
    return 1
  }
  for (const [name, command] of CHECKS) {
    process.stderr.write(`\n── ${name}\n`)
    const started = Date.now()
    const code = run(command)
    if (code !== 0) {
      process.stderr.write(`\n${name} failed.\n`)
      return 1
    }
    process.stderr.write(`   ${((Date.now() - started) / 1000).toFixed(1)} s\n`)
  }
  const present = SERVICES.length - missing.length
  process.stderr.write(`\nAll ${CHECKS.length} checks passed, with ${present} of ${SERVICES.length} services.\n`)
  for (const { name, tests } of missing) process.stderr.write(`  skipped, needs ${name}: ${tests} (npm test -- --services installs it)\n`)
  return 0
}
