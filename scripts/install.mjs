// Installs what a command needs and no more. Runs on any Node from 20 and depends on nothing.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..')

/** Node 24 of the npm package `node`: sources run on it as they are, whatever the machine's own Node is. */
export const node = join(root, 'node_modules/node/bin/node')

/** What `npm install` is given for each scope; a scope covers itself and those named in `covers`. */
const SCOPES = {
  example: { arguments: ['--workspace', 'examples/mail-triage', '--omit=dev', '--omit=optional'], covers: ['example'] },
  everything: { arguments: [], covers: ['example', 'everything'] },
}

/**
 * What onnxruntime-node needs on a CPU is in the package. Its install script fetches hundreds of megabytes more for graphics
 * cards: `allowScripts` of package.json denies it, which older npm does not know.
 */
const environment = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' }

const stamp = join(root, 'node_modules/.installed.json')

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
}

/** What was installed last: its scope, and the hash of the lock file that it was installed by. */
function lastInstalled() {
  try {
    return JSON.parse(readFileSync(stamp, 'utf8'))
  } catch {
    return {}
  }
}

/** Makes sure that the scope is installed as the lock file says. Exits with npm's error when it can't be. */
export function install(wanted) {
  const last = lastInstalled()
  const covers = SCOPES[last.scope]?.covers.includes(wanted) === true
  if (covers && last.lock === lockHash() && existsSync(node)) return
  // Who has everything keeps everything: to install less would take the rest away.
  const scope = covers ? last.scope : wanted
  const started = Date.now()
  process.stderr.write(`Installing ${scope === 'example' ? 'what the main job needs' : 'everything'}…\n`)
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const result = spawnSync(
    npm,
    ['install', '--no-save', '--loglevel=error', '--no-progress', ...SCOPES[scope].arguments],
    {
      cwd: root,
      env: environment,
      stdio: ['ignore', process.stderr.fd, 'inherit'],
      shell: process.platform === 'win32',
    },
  )
  if (result.status !== 0 || !existsSync(node)) {
    process.stderr.write(
      'The installation failed. Check the network and the free disk space, then run the same command again.\n',
    )
    process.exit(1)
  }
  writeFileSync(stamp, JSON.stringify({ scope, lock: lockHash() }))
  process.stderr.write(`Installed in ${Math.round((Date.now() - started) / 1000)} s.\n`)
}

/** Runs a program on Node 24 with the given arguments; returns its exit code. */
export function run(arguments_, options = {}) {
  const result = spawnSync(node, arguments_, { cwd: root, stdio: 'inherit', ...options })
  if (result.error) throw result.error
  return result.status ?? 1
}
