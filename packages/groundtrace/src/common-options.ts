import type { Command } from 'commander'
import { DEFAULT_REGISTER } from './with-register.ts'

/** The options every command has. */
export interface CommonOptions {
  readonly register?: string
  readonly json?: true
}

/** How a command is called after the name of the program: `label-studio apply`. */
function calledName(command: Command): string {
  const { parent } = command
  return parent?.parent ? `${calledName(parent)} ${command.name()}` : command.name()
}

/** Adds the {@link CommonOptions} to a command. */
export function common(command: Command): Command {
  return command
    .option('-r, --register <where>', `SQLite file, or postgres://… (default: ${DEFAULT_REGISTER})`)
    .option('--json', 'print JSON instead of text')
    .allowExcessArguments(false)
    .showHelpAfterError(`Run groundtrace ${calledName(command)} --help for its usage and examples.`)
}
