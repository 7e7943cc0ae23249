import type { Register } from '@groundtrace/core'
import type { LineWriter } from './line-writer.ts'
import { withRegister } from './with-register.ts'

/** What lists get from outside. */
export interface ListSurroundings {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly error: (text: string) => void
  readonly write: LineWriter
}

/**
 * The action of a command that prints lines of a ledger. That nothing matches is an answer too: it is said, and no failure.
 * @param thing what a line is
 */
export function printing<Options extends object>(
  print: (register: Register, options: Options, write: LineWriter) => Promise<number>,
  thing: string,
  { environment, error, write }: ListSurroundings,
): (options: Options & { readonly register?: string }) => Promise<void> {
  return async (options) => {
    const printed = await withRegister(
      options.register,
      environment,
      async (register) => await print(register, options, write),
    )
    if (printed === 0) error(`No ${thing} matches.`)
  }
}
