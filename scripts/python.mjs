// A Python of its own for tests, with the packages of a requirements file, outside the checkout. Made once.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { root } from './install.mjs'

const requirements = join(root, 'test/services/python/requirements.txt')

/** One folder for each content of the requirements file; test/services/python.ts looks for the same. */
const folder = () => {
  const key = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16)
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'groundtrace', `python-${key}`)
}

export const pythonBinary = () => join(folder(), 'bin/python')

/** Debian's, which its packages complete, or whichever there is. */
const SYSTEM_PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3'

/** True when Python can make environments: on Debian that is a package of its own. */
export const canMakeEnvironment = () => spawnSync(SYSTEM_PYTHON, ['-c', 'import ensurepip, venv']).status === 0

/** Makes the environment beside its place and moves it there when it is whole. Says nothing but pip's errors. */
export function makePythonEnvironment() {
  const beside = `${folder()}.${process.pid}`
  const steps = [
    [SYSTEM_PYTHON, '-m', 'venv', beside],
    [join(beside, 'bin/python'), '-m', 'pip', 'install', '--quiet', '--requirement', requirements],
  ]
  const made = steps.every(
    ([command, ...rest]) => spawnSync(command, rest, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0,
  )
  // Whoever else made it in the meantime made the same.
  if (made && !existsSync(folder())) renameSync(beside, folder())
  rmSync(beside, { recursive: true, force: true })
}
