import process from 'node:process'
import { readArguments } from './arguments.ts'
import { openMailService, type MailService } from './mail-service.ts'
import { MailTriageError } from './mail-triage-error.ts'
import { UNFINISHED_FOLDER } from './settings.ts'
import { trackingOf } from './tracking.ts'

/**
 * The service of this process. It is opened here, since its libraries must be patched before they are loaded; `main.ts`
 * imports the very same. Undefined where `main.ts` shows the help, or says what is wrong with the command line.
 */
export const service = openedFor(process.argv.slice(2))

/** What `GROUNDTRACE_CONFIG` names: read by `node --import @groundtrace/instrumentation/register.js`. */
export default service === undefined ? {} : trackingOf(service)

function openedFor(commandLine: readonly string[]): MailService | undefined {
  try {
    const { help, seed } = readArguments(commandLine)
    return help ? undefined : openMailService({ seed, folder: UNFINISHED_FOLDER })
  } catch (error) {
    if (error instanceof MailTriageError) return undefined
    throw error
  }
}
