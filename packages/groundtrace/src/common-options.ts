import type { Command } from 'commander'
import { DEFAULT_REGISTER } from './with-register.ts'

/** The options every command has. */
export interface CommonOptions {
  readonly register?: string
  readonly json?: true
}

/** Adds the {@link CommonOptions} to a command. */
export function common(command: Command): Command {
  return command
    .option('-r, --register <where>', `SQLite file, or postgres://… (default: ${DEFAULT_REGISTER})`)
    .option('--json', 'print JSON instead of text')
    .allowExcessArguments(false)
    .showHelpAfterError(`Run groundtrace ${command.name()} --help for its usage and examples.`)
}
