import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export const FLAGS = ['--conditions=source', '--disable-warning=ExperimentalWarning', '--expose-gc']

export const pathOf = (program: string): string => fileURLToPath(new URL(program, import.meta.url))

/**
 * Runs a program of this folder in a process of its own.
 * @param flags of Node.js, beside those of all programs
 * @returns what it says, read as JSON
 */
export async function runProgram(
  program: string,
  arguments_: readonly string[],
  flags: readonly string[] = [],
): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [...FLAGS, ...flags, pathOf(program), ...arguments_])
  return JSON.parse(stdout)
}
