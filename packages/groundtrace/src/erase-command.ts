import {
  GroundtraceError,
  isTrackingId,
  keyedHash,
  trackingId,
  type Register,
  type TrackingId,
} from '@groundtrace/core'
import type { Command } from 'commander'
import type { CommonOptions } from './common-options.ts'
import { jsonText } from './json-text.ts'
import type { Surroundings } from './surroundings.ts'
import { TRACE_ID } from './trace.ts'
import { withRegister } from './with-register.ts'

interface EraseOptions extends CommonOptions {
  readonly user?: string
  readonly person?: string
  readonly withdraw?: true
  readonly renew?: true
}

/** What was done. */
interface Erasure {
  /** Payload rows that went. */
  readonly erased: number
  readonly consent?: 'withdrawn' | 'given'
}

const EXAMPLES = `
Examples:
  groundtrace erase 4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7
  groundtrace erase --user 0f8fad5bd9cb469fa16570867728950e --withdraw
  GROUNDTRACE_SECRET=… groundtrace erase --person alice@example.org

What is erased: features, pseudonyms, comments, harm reports. Values, labels and business keys stay.
Let services flush what they hold first. Backups made before still hold it, until they expire.`

/** The predictions that are named, by their own IDs or by those of their traces. */
async function predictionsOf(register: Register, texts: readonly string[]): Promise<readonly TrackingId[]> {
  const ids = await Promise.all(
    texts.map(async (text) => (TRACE_ID.test(text) ? await register.predictionsOfTrace(text) : [trackingId(text)])),
  )
  return ids.flat()
}

/** The pseudonym of a person, as services make it. */
function pseudonymOf(person: string, secret: string | undefined): string {
  if (secret !== undefined) return keyedHash(secret).user(person)
  throw new GroundtraceError(
    'invalid-argument',
    'A person has another name in the register, and it takes the secret of your services to tell it',
    'Set GROUNDTRACE_SECRET to that, or name the pseudonym with --user',
  )
}

async function erase(
  register: Register,
  ids: readonly string[],
  user: string | undefined,
  options: EraseOptions,
): Promise<Erasure> {
  if (user === undefined) return { erased: await register.erase(await predictionsOf(register, ids)) }
  if (options.withdraw === true) return { erased: await register.withdrawConsent(user), consent: 'withdrawn' }
  if (options.renew !== true) return { erased: await register.eraseUser(user) }
  await register.renewConsent(user)
  return { erased: 0, consent: 'given' }
}

/** Why the command line can't be meant. */
function misuse(ids: readonly string[], { user, person, withdraw, renew }: EraseOptions): string | undefined {
  const named = [ids.length > 0, user !== undefined, person !== undefined].filter(Boolean).length
  if (named !== 1) return 'Name either predictions, or --user, or --person.'
  const unknown = ids.find((id) => !isTrackingId(id) && !TRACE_ID.test(id))
  if (unknown !== undefined) return `${unknown} is neither a tracking ID nor a trace ID.`
  if (ids.length > 0 && (withdraw ?? renew) === true) return '--withdraw and --renew are about a person.'
  return withdraw === true && renew === true ? 'Name either --withdraw or --renew.' : undefined
}

function textOf({ erased, consent }: Erasure): string {
  if (consent === 'given') return 'Payloads of this person are kept from now on. What was erased stays erased.'
  const done = `${erased.toLocaleString('en-US')} payloads erased.`
  const later = consent === 'withdrawn' ? ' None of this person will be kept from now on.' : ''
  return `${done}${later} Backups made before still hold them.`
}

/** Makes `groundtrace erase` of a command. */
export function describeErase(command: Command, { environment, out }: Surroundings): void {
  command
    .description('remove features, pseudonyms, comments and reports: of predictions, or of a person')
    .argument('[id...]', 'tracking IDs of predictions, or trace IDs')
    .option('--user <pseudonym>', 'of the person with this pseudonym, as lines name it')
    .option('--person <id>', "of this person; the pseudonym is made with your services' $GROUNDTRACE_SECRET")
    .option('--withdraw', 'keep nothing of this person from now on either')
    .option('--renew', 'keep what comes of this person again, and erase nothing')
    .addHelpText('after', EXAMPLES)
    .action(async (ids: string[], options: EraseOptions) => {
      const wrong = misuse(ids, options)
      if (wrong !== undefined) command.error(wrong)
      const { person } = options
      const user = person === undefined ? options.user : pseudonymOf(person, environment.GROUNDTRACE_SECRET)
      const erasure = await withRegister(
        options.register,
        environment,
        async (register) => await erase(register, ids, user, options),
        { readOnly: false },
      )
      out(options.json ? jsonText(erasure) : textOf(erasure))
    })
}
