import { GroundtraceError, keyedHash, trackingId, type Register, type TrackingId } from '@groundtrace/core'
import type { Command } from 'commander'
import type { CommonOptions } from './common-options.ts'
import { jsonText } from './json-text.ts'
import type { Surroundings } from './surroundings.ts'
import { faultOfId, TRACE_ID } from './trace.ts'
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
  /** Named predictions and traces of which nothing is in the register. */
  readonly unknown?: readonly string[]
}

const EXAMPLES = `
Examples:
  groundtrace erase 4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7
  groundtrace erase --user 0f8fad5bd9cb469fa16570867728950e --withdraw
  GROUNDTRACE_SECRET=… groundtrace erase --person alice@example.org

What is erased: features, pseudonyms, comments, harm reports. Values, labels and business keys stay.
Let services flush what they hold first. Backups made before still hold it, until they expire.`

/** The predictions of a trace, or the one that is named; empty where the register knows none. */
async function predictionsOf(register: Register, text: string): Promise<readonly TrackingId[]> {
  if (TRACE_ID.test(text)) return await register.predictionsOfTrace(text)
  const id = trackingId(text)
  return (await register.prediction(id)) === undefined ? [] : [id]
}

async function erasePredictions(register: Register, texts: readonly string[]): Promise<Erasure> {
  const known: TrackingId[] = []
  const unknown: string[] = []
  let erased = 0
  for (const text of texts) {
    const ids = await predictionsOf(register, text)
    known.push(...ids)
    if (ids.length > 0) continue
    // Of a prediction that never came there may be feedback that waits for it.
    const waiting = TRACE_ID.test(text) ? 0 : await register.erase([trackingId(text)])
    erased += waiting
    if (waiting === 0) unknown.push(text)
  }
  if (known.length > 0) erased += await register.erase(known)
  return { erased, ...(unknown.length === 0 ? {} : { unknown }) }
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
  if (user === undefined) return await erasePredictions(register, ids)
  if (options.withdraw === true) return { erased: await register.withdrawConsent(user), consent: 'withdrawn' }
  if (options.renew !== true) return { erased: await register.eraseUser(user) }
  await register.renewConsent(user)
  return { erased: 0, consent: 'given' }
}

/** Why the command line can't be meant. */
function misuse(ids: readonly string[], { user, person, withdraw, renew }: EraseOptions): string | undefined {
  const named = [ids.length > 0, user !== undefined, person !== undefined].filter(Boolean).length
  if (named !== 1) return 'Name either predictions, or --user, or --person.'
  const fault = ids.map(faultOfId).find((wrong) => wrong !== undefined)
  if (fault !== undefined) return fault
  if (ids.length > 0 && (withdraw ?? renew) === true) return '--withdraw and --renew are about a person.'
  return withdraw === true && renew === true ? 'Name either --withdraw or --renew.' : undefined
}

const NOTHING = {
  predictions: 'There was nothing to erase: they have no payloads, or were erased before.',
  person: 'Nothing of this person was found: check the pseudonym, or it was erased before.',
} as const

function textOf({ erased, consent }: Erasure, of: keyof typeof NOTHING): string {
  if (consent === 'given') return 'Payloads of this person are kept from now on. What was erased stays erased.'
  const payloads = erased === 1 ? '1 payload' : `${erased.toLocaleString('en-US')} payloads`
  const done = erased === 0 ? NOTHING[of] : `${payloads} erased. Backups made before still hold what was erased.`
  return consent === 'withdrawn' ? `${done} From now on no payload of this person is kept.` : done
}

function unknownOf(unknown: readonly string[]): string {
  return `The register knows no prediction by ${unknown.join(', ')}: nothing of it was erased. Check the ID, or name another register with --register.`
}

/**
 * Makes `groundtrace erase` of a command.
 * @param onUnknown called when the register knows nothing by one of the IDs
 */
export function describeErase(
  command: Command,
  { environment, out, error }: Surroundings,
  onUnknown: () => void,
): void {
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
      const { unknown = [] } = erasure
      const isUnknown = unknown.length === ids.length && unknown.length > 0
      if (options.json) out(jsonText(erasure))
      else if (!isUnknown) out(textOf(erasure, user === undefined ? 'predictions' : 'person'))
      if (unknown.length === 0) return
      error(unknownOf(unknown))
      onUnknown()
    })
}
