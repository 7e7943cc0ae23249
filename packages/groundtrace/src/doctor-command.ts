import type { Finding } from '@groundtrace/register/sqlite'
import type { Command } from 'commander'
import type { CommonOptions } from './common-options.ts'
import { examineRegister } from './doctor.ts'
import { jsonText } from './json-text.ts'
import type { Surroundings } from './surroundings.ts'
import { oneLine } from './trace-text.ts'
import { existingRegister } from './with-register.ts'

interface DoctorOptions extends CommonOptions {
  readonly full?: true
}

const EXAMPLES = `
Examples:
  groundtrace doctor
  groundtrace doctor --register postgres://groundtrace@db.internal/groundtrace
  groundtrace doctor --json | jq '.[] | select(.ok | not)'

Exit codes: 0 nothing is wrong, 1 something is.`

/** Longest cause that is shown. */
const SHOWN = 600

/** Findings for a person at a terminal. */
function findingsText(findings: readonly Finding[]): string {
  return findings
    .flatMap(({ check, ok, found, nextStep }) => [
      `${ok ? 'ok    ' : 'not ok'}  ${check.padEnd(16)}  ${oneLine(found, SHOWN)}`,
      ...(nextStep === undefined ? [] : [`${' '.repeat(26)}${oneLine(nextStep, SHOWN)}.`]),
    ])
    .join('\n')
}

/**
 * Makes `groundtrace doctor` of a command.
 * @param onWrong called when something is wrong
 */
export function describeDoctor(command: Command, { environment, out }: Surroundings, onWrong: () => void): void {
  command
    .description('look whether everything is in order with a register, without writing to it')
    .option('--full', 'of a file: look every prediction up by its keys, not a thousand chosen by chance')
    .addHelpText('after', EXAMPLES)
    .action(async ({ register, json, full }: DoctorOptions) => {
      const findings = await examineRegister(existingRegister(register, environment), full === true)
      out(json ? jsonText(findings) : findingsText(findings))
      if (findings.some(({ ok }) => !ok)) onWrong()
    })
}
