import type { Register } from '@groundtrace/core'
import type { CommonOptions } from './common-options.ts'
import { expectTask } from './known-task.ts'
import type { LineWriter } from './line-writer.ts'
import type { Surroundings } from './surroundings.ts'
import { withRegister } from './with-register.ts'

/**
 * The action of a command that prints lines of a ledger. That nothing matches is an answer too: it is said, and no failure.
 * @param thing what a line is
 */
export function printing<Options extends CommonOptions & { readonly task?: string }>(
  print: (register: Register, options: Options, write: LineWriter) => Promise<number>,
  thing: string,
  { environment, error, write }: Surroundings,
): (options: Options) => Promise<void> {
  return async (options) => {
    const printed = await withRegister(options.register, environment, async (register) => {
      await expectTask(register, options.task)
      return await print(register, options, write)
    })
    if (printed === 0) error(`No ${thing} matches.`)
  }
}
