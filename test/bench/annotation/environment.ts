import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const requirements = join(import.meta.dirname, 'requirements.txt')

/** Debian's, which its packages complete, or whichever there is; as in scripts/python.mjs. */
const SYSTEM_PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3'

/**
 * A Python with the peers, in a folder outside the checkout; made once for each content of requirements.txt.
 * @returns path of its program
 * @throws Error where it can't be made, with the cause and the next step
 */
export async function peerPython(say: (text: string) => void): Promise<string> {
  const key = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16)
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
  const folder = join(cache, 'groundtrace', `python-${key}`)
  const binary = join(folder, 'bin/python')
  if (existsSync(binary)) return binary
  say(`Installing krippendorff, crowd-kit and cleanlab into ${folder}…`)
  const beside = `${folder}.${process.pid}`
  await mkdir(dirname(folder), { recursive: true })
  try {
    await run(SYSTEM_PYTHON, ['-m', 'venv', beside])
    await run(join(beside, 'bin/python'), ['-m', 'pip', 'install', '--quiet', '--requirement', requirements])
    // Whoever else made it in the meantime made the same.
    if (!existsSync(folder)) await rename(beside, folder)
  } catch (error) {
    const next = 'Install Python 3.11 or newer with venv (Debian: python3-venv) and let pip reach a package index'
    throw new Error(`The peers could not be installed. ${next}`, { cause: error })
  } finally {
    await rm(beside, { recursive: true, force: true })
  }
  return binary
}
