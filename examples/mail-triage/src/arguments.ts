import { parseArgs } from 'node:util'
import { MailTriageError } from './mail-triage-error.ts'

/** What the main job is asked for. */
export interface Arguments {
  /** Print JSON and nothing else on standard output. */
  readonly json: boolean
  /** Plain lines instead of a live screen. */
  readonly once: boolean
  readonly seed: number
  readonly help: boolean
}

const DEFAULT_SEED = 1

/** The largest seed: what 15 digits hold, so that every seed is an exact number. */
const MAX_SEED = 999_999_999_999_999

export const USAGE = `Usage: npm start [-- options]

  --once      run without the live screen: a line at each step
  --json      print the figures as one JSON object, and nothing else, on standard output
  --seed N    a whole number from 0 to ${MAX_SEED}; the same seed gives the same figures (default ${DEFAULT_SEED})
  --help      this text
`

/** Reads the command line. @throws MailTriageError `invalid-argument` */
export function readArguments(given: readonly string[]): Arguments {
  try {
    const { values } = parseArgs({
      args: withNumbers(given),
      options: {
        once: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        seed: { type: 'string', default: String(DEFAULT_SEED) },
        help: { type: 'boolean', default: false },
      },
    })
    return { ...values, seed: readSeed(values.seed) }
  } catch (error) {
    if (error instanceof MailTriageError) throw error
    const [cause = ''] = String(error instanceof Error ? error.message : error).split(/\. |\.?\n/)
    throw new MailTriageError('invalid-argument', cause, 'Run npm start -- --help for the options')
  }
}

/** A number below 0 belongs to the option before it, to be refused as its value: it looks like an option of its own. */
function withNumbers(given: readonly string[]): string[] {
  const joined: string[] = []
  for (const argument of given) {
    if (/^-\d/.test(argument) && joined.at(-1) === '--seed') joined[joined.length - 1] = `--seed=${argument}`
    else joined.push(argument)
  }
  return joined
}

function readSeed(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new MailTriageError(
    'invalid-argument',
    `The seed ${JSON.stringify(text.slice(0, 40))} is no whole number from 0 to ${MAX_SEED}`,
    'Pass --seed 1, for example',
  )
}
