import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where things are kept that are made once and outside the checkout. */
export const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'groundtrace')

/** The folder of the environment that `npm test` makes of `test/services/NAME/requirements.txt`; see scripts/python.mjs. */
export function environmentFolder(name: string): string {
  const requirements = readFileSync(join(import.meta.dirname, name, 'requirements.txt'))
  return join(CACHE, `${name}-${createHash('sha256').update(requirements).digest('hex').slice(0, 16)}`)
}
