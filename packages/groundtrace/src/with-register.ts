import { statSync } from 'node:fs'
import { join } from 'node:path'
import { GroundtraceError, type Register } from '@groundtrace/core'
import { isFile, openRegister } from './open-register.ts'
import type { Environment } from './surroundings.ts'

const DEFAULT_FILE = 'groundtrace.db'

/** Where the register is sought when nobody names it. */
export const DEFAULT_REGISTER = `$GROUNDTRACE_REGISTER, else ${DEFAULT_FILE}`

/** Where the register is: as given by the user, else as the environment says, else `groundtrace.db`. */
export function whereRegister(given: string | undefined, environment: Environment): string {
  return given ?? environment.GROUNDTRACE_REGISTER ?? DEFAULT_FILE
}

/** What stands at a path and can't be a register, with the next step. */
function lackOf(path: string): readonly [cause: string, nextStep: string] | undefined {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) {
    return [`There is no register file ${path}`, 'Name it with --register FILE or GROUNDTRACE_REGISTER']
  }
  if (found.isDirectory()) {
    return [`${path} is a folder`, `Name the register file in it, as in --register ${join(path, DEFAULT_FILE)}`]
  }
  if (found.isFile() && found.size === 0) {
    return [`The file ${path} is empty: no service has written to it yet`, 'Check the path, or start the service first']
  }
  return undefined
}

/**
 * Where the register is that is there already.
 * @param given path or URL as given by the user
 * @throws GroundtraceError `register-unavailable` when there is no file, or nothing in it
 */
export function existingRegister(given: string | undefined, environment: Environment): string {
  const where = whereRegister(given, environment)
  const lack = isFile(where) ? lackOf(where) : undefined
  if (lack !== undefined) throw new GroundtraceError('register-unavailable', ...lack)
  return where
}

/**
 * Opens a register that is there, does the work and closes it again.
 * @param given path or URL as given by the user
 * @param access default: for reading
 * Rejects with GroundtraceError: `register-unavailable`, `register-incompatible`, `invalid-argument`
 */
export async function withRegister<T>(
  given: string | undefined,
  environment: Environment,
  work: (register: Register) => Promise<T>,
  access: { readonly readOnly: boolean } = { readOnly: true },
): Promise<T> {
  const where = existingRegister(given, environment)
  const register = await openRegister(where, access)
  try {
    return await work(register)
  } finally {
    await register.close()
  }
}
