// Every check of `npm test`, in the order in which a failure is cheapest to learn of.
import { spawnSync } from 'node:child_process'
import { run } from './install.mjs'
import { installServices, mayInstall, missingServices, prepareServices, SERVICES } from './services.mjs'

const bin = (path, ...rest) => [`node_modules/${path}`, ...rest]
const vitest = (project) => bin('vitest/vitest.mjs', 'run', '--project', project)

/** Lint follows the build: it reads types through what packages export. */
const CHECKS = [
  { name: 'format', command: bin('oxfmt/bin/oxfmt', '--check', '.'), remedy: 'Run npm run format.' },
  { name: 'build', command: bin('turbo/bin/turbo', 'run', 'build', '--output-logs=errors-only') },
  { name: 'lint', command: bin('oxlint/bin/oxlint', '--type-aware') },
  { name: 'types', command: bin('typescript/bin/tsc', '-p', 'tsconfig.tests.json') },
  { name: 'generated types', command: ['tools/openapi-types/src/main.ts', '--check'] },
  { name: 'unused', command: bin('knip/bin/knip.js', '--no-progress') },
  { name: 'packages', command: ['scripts/packages.mjs'] },
  { name: 'package types', command: ['scripts/package-types.mjs'] },
  { name: 'unit', command: vitest('unit') },
  { name: 'integration', command: vitest('integration') },
  { name: 'e2e', command: vitest('e2e') },
]

/** Runs all checks, so that one run tells all that is wrong; the exit code is 1 when one failed. */
export function check(arguments_) {
  const strict = process.env.CI === 'true'
  const missing = mayInstall(arguments_.includes('--services')) ? installServices() : missingServices()
  if (strict && missing.length > 0) {
    process.stderr.write(
      `Missing services: ${missing.map(({ name }) => name).join(', ')}. Install them, or unset CI to skip what needs them.\n`,
    )
    return 1
  }
  prepareServices()
  const failed = []
  for (const { name, command, remedy = 'See above.' } of CHECKS) {
    process.stderr.write(`\n── ${name}\n`)
    const started = Date.now()
    const code = run(command, { env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' } })
    if (code !== 0) failed.push(`${name}: ${remedy}`)
    process.stderr.write(`   ${((Date.now() - started) / 1000).toFixed(1)} s\n`)
  }
  if (failed.length > 0) {
    process.stderr.write(`\n${failed.length} of ${CHECKS.length} checks failed:\n  ${failed.join('\n  ')}\n`)
    return 1
  }
  const present = SERVICES.length - missing.length
  process.stderr.write(`\nAll ${CHECKS.length} checks passed, with ${present} of ${SERVICES.length} services.\n`)
  for (const { name, tests } of missing)
    process.stderr.write(`  skipped, needs ${name}: ${tests} (npm test -- --services installs it)\n`)
  // The same question as in test/services/small-disk.ts.
  if (spawnSync('unshare', ['--mount', 'true']).status !== 0)
    process.stderr.write(
      '  skipped, needs root that may mount: disks that fill up (disk-full.test.ts of the register)\n',
    )
  return 0
}
