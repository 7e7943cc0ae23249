import { backupSqliteRegister } from '@groundtrace/register/sqlite'
import type { Command } from 'commander'
import type { CommonOptions } from './common-options.ts'
import { jsonText } from './json-text.ts'
import { isFile, registerName } from './open-register.ts'
import type { Surroundings } from './surroundings.ts'
import { existingRegister } from './with-register.ts'

const EXAMPLES = `
Examples:
  groundtrace backup register-2026-01-31.db
  groundtrace backup /backup/register.db --register /var/lib/groundtrace/register.db --json

It is a register like the one it is of: groundtrace trace ID --register register-2026-01-31.db.
What is erased in the register later is still in it: remove backups when their time is up.`

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)

/** How a register in PostgreSQL is backed up. The URL is without its password, which everybody on the machine could read. */
function pgDumpCommand(where: string, file: string): string {
  return `pg_dump --format=custom --schema=groundtrace --file=${quoted(file)} ${quoted(registerName(where))}`
}

const count = (number: number): string => number.toLocaleString('en-US')

async function run(
  command: Command,
  file: string,
  { register, json }: CommonOptions,
  { environment, out }: Surroundings,
): Promise<void> {
  const where = existingRegister(register, environment)
  if (!isFile(where)) {
    command.error(`This backs up register files; PostgreSQL has its own tool: ${pgDumpCommand(where, file)}`)
  }
  const { bytes, totals } = await backupSqliteRegister({ path: where, to: file })
  const feedback = totals.feedback.stored + totals.feedback.held + totals.feedback.orphaned
  const holds = `${count(totals.predictions + totals.members)} predictions, ${count(feedback)} feedback`
  out(
    json ? jsonText({ file, bytes, totals }) : `${file} holds ${holds}, in ${count(bytes)} bytes; opened and compared.`,
  )
}

/** Makes `groundtrace backup` of a command. */
export function describeBackup(command: Command, surroundings: Surroundings): void {
  command
    .description('copy a register file while services write to it, and check the copy')
    .argument('<file>', 'file to make; it must not be there')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, options: CommonOptions) => await run(command, file, options, surroundings))
}
