import { GroundtraceError, isRecord } from '@groundtrace/core'
import { jsonBody } from '../ml-backend/request-body.ts'
import { secretCheck } from '../secret-check.ts'

/** The header that Label Studio is told to send with every event. */
export const WEBHOOK_SECRET_HEADER = 'x-groundtrace-secret'

/** Longest body that is read: a task with what people wrote. The event that holds all tasks of an import is not asked for. */
const MOST_BYTES = 4 * 1024 * 1024

/**
 * Bodies that are read at once. Every member of the organisation can read the secret, so it does not keep floods out; and
 * the next look answers an event that was turned away as well.
 */
const MOST_AT_ONCE = 16

export interface WebhookOptions {
  /** What the header has to say: 16 characters or more. */
  readonly secret: string
  /** Told the number of the project that an event is about. @returns false for a project that is none of ours */
  readonly hint: (serverProject: number) => boolean
}

/** How many requests there were, by what became of them. */
export interface WebhookCounts {
  readonly hinted: number
  readonly foreign: number
  readonly forbidden: number
  readonly unreadable: number
  /** Turned away, as too many came at once. */
  readonly busy: number
}

export interface BridgeWebhook {
  /** A fetch-standard handler. Answers at once; Label Studio waits for one second, and the annotator with it. */
  handle(request: WebhookRequest): Promise<Response>
  counts(): WebhookCounts
}

/** What the handler reads of a `Request`. */
export type WebhookRequest = Pick<Request, 'body'> & { readonly headers: Pick<Headers, 'get'> }

const LEAST_SECRET = 16

/** Which project an event is about; all else that it says is neither believed nor kept. */
function projectOf(event: unknown): number | undefined {
  const project = isRecord(event) ? event['project'] : undefined
  const id = isRecord(project) ? project['id'] : project
  return Number.isSafeInteger(id) ? (id as number) : undefined
}

/**
 * Takes Label Studio's events as hints where to look. An event is never believed: events get lost, doubled and reordered,
 * anybody who may read the project's settings can send one, and their bodies hold the project's token.
 * @throws GroundtraceError `invalid-argument` for a short secret
 */
export function createWebhook({ secret, hint }: WebhookOptions): BridgeWebhook {
  if (typeof secret !== 'string' || secret.length < LEAST_SECRET) {
    throw new GroundtraceError(
      'invalid-argument',
      `The secret of the webhook has fewer than ${LEAST_SECRET} characters`,
      'Make one at random, and name it in the plan as well',
    )
  }
  const isSecret = secretCheck(secret)
  const counts = { hinted: 0, foreign: 0, forbidden: 0, unreadable: 0, busy: 0 }
  let reading = 0

  function answer(what: keyof WebhookCounts, status: number): Response {
    counts[what] += 1
    return new Response(null, { status })
  }

  return {
    counts: () => ({ ...counts }),
    async handle(request) {
      const given = request.headers.get(WEBHOOK_SECRET_HEADER) ?? ''
      if (!isSecret(given)) return answer('forbidden', 403)
      if (reading >= MOST_AT_ONCE) return answer('busy', 503)
      reading += 1
      // A connection that breaks is no event.
      const event = await jsonBody(request.body, MOST_BYTES).catch(() => undefined)
      reading -= 1
      const project = projectOf(event)
      if (project === undefined) return answer('unreadable', 400)
      return hint(project) ? answer('hinted', 204) : answer('foreign', 204)
    },
  }
}
