import { readFileSync, realpathSync } from 'node:fs'
import { dirname, resolve, sep } from 'node:path'
import { GroundtraceError } from '@groundtrace/core'
import { createLabelStudioClient, readPlan, type AnnotationPlan, type LabelStudio } from '@groundtrace/label-studio'
import type { CommonOptions } from '../common-options.ts'
import type { Environment } from '../surroundings.ts'
import { WrongUsage } from '../wrong-usage.ts'

/** Options of the commands that talk to Label Studio, or read the outbox. */
export interface LabelStudioFlags extends CommonOptions {
  readonly url?: string
  readonly outbox?: string
}

const DEFAULT_OUTBOX = 'groundtrace-outbox.db'

/** Where the outbox is sought when nobody names it. */
export const OUTBOX_HINT = `$GROUNDTRACE_OUTBOX, else ${DEFAULT_OUTBOX}`

export function outboxPath({ outbox }: LabelStudioFlags, environment: Environment): string {
  return outbox ?? environment['GROUNDTRACE_OUTBOX'] ?? DEFAULT_OUTBOX
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new GroundtraceError('invalid-argument', `The file ${file} can't be read`, 'Name a file that is there', {
      cause: error,
    })
  }
}

/** A file of a plan's folder. What it says is shown to all annotators, so a plan names no file of elsewhere, by links neither. */
function besideOf(folder: string, name: string): string {
  const inside = `${realpathSync(folder)}${sep}`
  const path = realpathSync(resolve(folder, name))
  if (path.startsWith(inside)) return readFileSync(path, 'utf8')
  throw new GroundtraceError('invalid-argument', 'it is not in the folder of the plan', 'Put it there')
}

/** Reads a plan; files that it names stand beside it. @throws GroundtraceError `invalid-argument` with all its mistakes */
export function planOf(file: string): AnnotationPlan {
  const folder = dirname(resolve(file))
  return readPlan(textOf(file), { file, readFile: (name) => besideOf(folder, name) })
}

/**
 * A client for the server that flags and environment name. The token stands in the environment only: of a command line
 * everybody on the machine can read it.
 * @throws WrongUsage
 */
export function labelStudioOf({ url: given }: LabelStudioFlags, environment: Environment): LabelStudio {
  const url = given ?? environment['LABEL_STUDIO_URL']
  const token = environment['LABEL_STUDIO_API_KEY']
  if (url === undefined) throw new WrongUsage('No Label Studio is named', 'Use --url or set LABEL_STUDIO_URL')
  if (token === undefined) {
    throw new WrongUsage(
      'There is no token for Label Studio',
      'Set LABEL_STUDIO_API_KEY to the access token of an account that nobody annotates with',
    )
  }
  return createLabelStudioClient({ url, token })
}

/** The secret that webhooks of a plan bring along; undefined without webhooks. @throws WrongUsage when it is not set */
export function webhookSecretOf({ webhook }: AnnotationPlan, environment: Environment): string | undefined {
  if (webhook === undefined) return undefined
  const secret = environment[webhook.secretVariable]
  if (secret !== undefined && secret !== '') return secret
  throw new WrongUsage(
    `The plan has a webhook, but ${webhook.secretVariable} is not set`,
    'Set it to 16 characters or more, made at random',
  )
}

/** The secret that draws are made with. @throws WrongUsage when it is not set */
export function drawSecretOf(environment: Environment): string {
  const secret = environment['GROUNDTRACE_SECRET']
  if (secret !== undefined && secret !== '') return secret
  throw new WrongUsage(
    'GROUNDTRACE_SECRET is not set, and who is drawn depends on it',
    'Set it to 16 characters or more, made at random, and keep it for ever',
  )
}
