import { runCommand } from '../src/command.ts'
import type { Surroundings } from '../src/surroundings.ts'

/** What a command line wrote, and its exit code. */
export interface Ran {
  readonly code: number
  /** Lists included. */
  readonly out: string
  readonly error: string
}

/** Runs a command line to its end, and keeps what it writes. @param confirm who is asked; default nobody */
export async function runCommandLine(
  arguments_: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  confirm?: Surroundings['confirm'],
): Promise<Ran> {
  const written = { out: '', error: '' }
  const code = await runCommand(arguments_, {
    environment,
    out: (text) => (written.out += text),
    error: (text) => (written.error += text),
    write: (text) => Promise.resolve((written.out += text) !== ''),
    untilStopped: () => Promise.resolve(),
    ...(confirm && { confirm }),
  })
  return { code, ...written }
}
