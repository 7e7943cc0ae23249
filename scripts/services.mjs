// The real services that whole-loop tests run against, and where Debian and PyPI have them.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { node, root } from './install.mjs'
import { canMakeEnvironment, pythonEnvironment } from './python.mjs'

const POSTGRES = '/usr/lib/postgresql'
const LEAST_POSTGRES = 15

/** The newest PostgreSQL that Debian's packages brought, or where the oldest that will do would be. */
function postgresBinary() {
  const majors = existsSync(POSTGRES) ? readdirSync(POSTGRES).map(Number) : []
  return join(POSTGRES, String(Math.max(LEAST_POSTGRES, ...majors.filter(Number.isInteger))), 'bin/postgres')
}

/** What comes from PyPI into an environment of its own. */
function ofPython(name, folder, tests) {
  const { binary, make } = pythonEnvironment(folder)
  return { name, binary, package: 'python3-venv', hasPackage: canMakeEnvironment, finish: make, tests }
}

export const SERVICES = [
  {
    name: 'Prometheus',
    binary: '/usr/bin/prometheus',
    package: 'prometheus',
    tests: 'dashboard queries against a real Prometheus',
  },
  {
    name: 'PostgreSQL',
    // Which version there is shows only when it is installed.
    get binary() {
      return postgresBinary()
    },
    package: 'postgresql',
    tests: 'the register on a real PostgreSQL',
  },
  { name: 'Chromium', binary: '/usr/bin/chromium', package: 'chromium', tests: 'the report in a real browser' },
  ofPython('Python', 'python', "the wire's example on OpenTelemetry's SDK for Python"),
  ofPython('Label Studio', 'label-studio', 'projects, annotation and ground truth on a real Label Studio'),
]

/**
 * Begins with what takes a minute or two and would keep whole-loop tests waiting: the data folder of Label Studio, made once
 * for each release. Tests that need it sooner wait for it.
 */
export function prepareServices() {
  const program = ['--conditions=source', 'test/services/label-studio/make-template.ts']
  spawn(node, program, { cwd: root, detached: true, stdio: 'ignore' }).unref()
}

export const missingServices = () => SERVICES.filter(({ binary }) => !existsSync(binary))

/** As root on Debian, in CI, or when asked: the services are installed rather than missed. */
export function mayInstall(asked) {
  const debianRoot = existsSync('/etc/debian_version') && process.getuid?.() === 0
  return asked || process.env.CI === 'true' || debianRoot
}

/** Installs what is missing, after saying what and where. Returns what is still missing. */
export function installServices() {
  const missing = missingServices()
  const packages = missing.filter(({ hasPackage }) => hasPackage?.() !== true).map((service) => service.package)
  installPackages([...new Set(packages)])
  for (const { name, binary, finish } of missing) {
    if (finish === undefined) continue
    process.stderr.write(`Installing ${name} from PyPI, as ${binary}\n`)
    finish()
  }
  return missingServices()
}

function installPackages(packages) {
  if (packages.length === 0) return
  process.stderr.write(`Installing services with apt-get into the system: ${packages.join(', ')}\n`)
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const arguments_ of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...packages],
  ]) {
    spawnSync('apt-get', arguments_, { stdio: ['ignore', 'ignore', 'inherit'], env: environment })
  }
}
