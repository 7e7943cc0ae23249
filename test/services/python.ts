import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const requirements = readFileSync(join(import.meta.dirname, 'python/requirements.txt'))
const key = createHash('sha256').update(requirements).digest('hex').slice(0, 16)
const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')

/** A Python with OpenTelemetry's SDK: `PYTHON_BINARY`, or the environment that `npm test` makes; see scripts/python.mjs. */
export const PYTHON_BINARY = process.env['PYTHON_BINARY'] ?? join(cache, 'groundtrace', `python-${key}`, 'bin/python')
export const hasPython = existsSync(PYTHON_BINARY)
