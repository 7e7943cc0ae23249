import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { environmentFolder } from './python-environment.ts'

/** A Python with OpenTelemetry's SDK: `PYTHON_BINARY`, or the environment that `npm test` makes. */
export const PYTHON_BINARY = process.env['PYTHON_BINARY'] ?? join(environmentFolder('python'), 'bin/python')
export const hasPython = existsSync(PYTHON_BINARY)
