// Pythons of their own for tests, each with the packages of a requirements file, outside the checkout. Made once.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { root } from './install.mjs'

/** Installs large sets of packages several times as fast as pip. */
const UV = 'uv==0.11.7'

/** Debian's, which its packages complete, or whichever there is. */
const SYSTEM_PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3'

/** True when Python can make environments: on Debian that is a package of its own. */
export const canMakeEnvironment = () => spawnSync(SYSTEM_PYTHON, ['-c', 'import ensurepip, venv']).status === 0

/**
 * The environment of `test/services/NAME/requirements.txt`: one folder for each content of that file, for which
 * test/services/python-environment.ts looks as well.
 */
export function pythonEnvironment(name) {
  const requirements = join(root, 'test/services', name, 'requirements.txt')
  const key = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16)
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'groundtrace', `${name}-${key}`)
  return { binary: join(folder, 'bin/python'), make: () => makeEnvironment(folder, requirements) }
}

/** Makes it beside its place and moves it there when it is whole. Says nothing but errors. */
function makeEnvironment(folder, requirements) {
  const beside = `${folder}.${process.pid}`
  const python = join(beside, 'bin/python')
  const steps = [
    [SYSTEM_PYTHON, '-m', 'venv', beside],
    [python, '-m', 'pip', 'install', '--quiet', UV],
    [join(beside, 'bin/uv'), 'pip', 'install', '--quiet', '--python', python, '--requirements', requirements],
  ]
  const made = steps.every(
    ([command, ...rest]) => spawnSync(command, rest, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0,
  )
  // Whoever else made it in the meantime made the same.
  if (made && !existsSync(folder)) renameSync(beside, folder)
  rmSync(beside, { recursive: true, force: true })
}
