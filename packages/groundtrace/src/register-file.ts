import { statSync } from 'node:fs'
import { join } from 'node:path'
import { GroundtraceError, type Register } from '@groundtrace/core'
import { openSqliteRegister } from '@groundtrace/register'

const DEFAULT_NAME = 'groundtrace.db'

/** Where the register file is sought when nobody names it. */
export const DEFAULT_REGISTER = `$GROUNDTRACE_REGISTER, else ${DEFAULT_NAME}`

/** What stands at a path and can't be a register, with the next step. */
function lackOf(path: string): readonly [cause: string, nextStep: string] | undefined {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) {
    return [`There is no register file ${path}`, 'Name it with --register FILE or GROUNDTRACE_REGISTER']
  }
  if (found.isDirectory()) {
    return [`${path} is a folder`, `Name the register file in it, as in --register ${join(path, DEFAULT_NAME)}`]
  }
  if (found.isFile() && found.size === 0) {
    return [`The file ${path} is empty: no service has written to it yet`, 'Check the path, or start the service first']
  }
  return undefined
}

/**
 * Opens a register file for reading, does the work and closes it again.
 * @param path as given by the user; without one the file that the environment names, else `groundtrace.db`
 * @throws GroundtraceError `register-unavailable`, `register-incompatible`
 */
export async function withRegisterFile<T>(
  path: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  work: (register: Register) => Promise<T>,
): Promise<T> {
  const file = path ?? environment.GROUNDTRACE_REGISTER ?? DEFAULT_NAME
  const lack = lackOf(file)
  if (lack !== undefined) throw new GroundtraceError('register-unavailable', ...lack)
  const register = openSqliteRegister({ path: file, readOnly: true })
  try {
    return await work(register)
  } finally {
    await register.close()
  }
}
