import { AsyncLocalStorage } from 'node:async_hooks'
import type { Policy, TrackingId } from '@groundtrace/core'
import type { Exploration } from '@groundtrace/exploration'
import { trackingIdOf, type Description } from '@groundtrace/instrumentation'
import type { Tracer } from '@opentelemetry/api'
import { extractFeatures, type MailFeatures } from './features.ts'
import type { MailText } from './mail-text.ts'
import { maskedExcerpt, maskMail, type MaskedMail } from './masking.ts'
import type { ServedFilter } from './served-filter.ts'
import { EXCERPT_CHARACTERS } from './settings.ts'
import { labelOf, type SpamScore } from './spam-filter.ts'

/** A mail as it comes in. */
export interface IncomingMail {
  readonly id: string
  readonly thread: string
  readonly text: MailText
}

/** What the service made of a mail. */
export interface Triaged extends SpamScore {
  readonly features: MailFeatures
  readonly policy: Policy
  /** Undefined where nothing tracks the service. */
  readonly trackingId: TrackingId | undefined
}

export interface TriageOptions {
  /** The version that serves now. */
  readonly champion: () => ServedFilter
  readonly exploration: Exploration
  readonly tracer: Tracer
}

/** A mail, from when it came until it is decided on. */
interface InHand {
  readonly mail: IncomingMail
  readonly masked: MaskedMail
  policy: Policy | undefined
}

/** What the service knows of a mail and its model does not: the key, and what of it may be kept beside the words. */
export function knownOfMail({ id, thread }: IncomingMail, masked: MaskedMail) {
  return { entity: id, features: { thread, excerpt: maskedExcerpt(masked, EXCERPT_CHARACTERS) } }
}

/**
 * The spam filter as a service: every mail is scored, and blocked or passed; chance lets a few blocked ones through. It is
 * tracked from outside, by {@link trackingOf}, and declares what can't be seen from there.
 */
export class TriageService {
  readonly #options: TriageOptions
  readonly #inHand = new AsyncLocalStorage<InHand>()

  constructor(options: TriageOptions) {
    this.#options = options
  }

  triage(mail: IncomingMail): Promise<Triaged> {
    const { champion, tracer } = this.#options
    return tracer.startActiveSpan('receive mail', async (span) => {
      try {
        const masked = maskMail(mail.text)
        const features = extractFeatures(masked)
        const inHand: InHand = { mail, masked, policy: undefined }
        const { spam, outputs } = await this.#inHand.run(inHand, () => champion().score(features))
        const trackingId = trackingIdOf(outputs)
        return { spam, label: labelOf(spam), features, policy: this.#policy(inHand, spam, trackingId), trackingId }
      } finally {
        span.end()
      }
    })
  }

  /** What no patch can know of the prediction that is being made: the mail, and what follows for it. */
  describe(trackingId: TrackingId, spam: number): Partial<Description> {
    const inHand = this.#inHand.getStore()
    if (inHand === undefined) return {}
    return { ...knownOfMail(inHand.mail, inHand.masked), policy: this.#policy(inHand, spam, trackingId) }
  }

  /** Decided once for a mail: by the declaration, which is asked first and logs it; by the service where nothing tracks it. */
  #policy(inHand: InHand, spam: number, id: TrackingId | undefined): Policy {
    const action = labelOf(spam) === 'spam' ? 'block' : 'pass'
    inHand.policy ??=
      id === undefined
        ? { action }
        : this.#options.exploration.decide(id, { action, score: spam, unit: inHand.mail.id })
    return inHand.policy
  }
}
