import type { Features, Policy, TrackingId } from '@groundtrace/core'
import type { Exploration } from '@groundtrace/exploration'
import { tracePrediction, type Pipeline } from '@groundtrace/instrumentation'
import type { Tracer } from '@opentelemetry/api'
import { extractFeatures, type MailFeatures } from './features.ts'
import type { MailText } from './mail-text.ts'
import { contentHash, maskedExcerpt, maskMail, type MaskedMail } from './masking.ts'
import { EXCERPT_CHARACTERS, MODEL, SPAM_TASK } from './settings.ts'
import type { SpamFilter, SpamScore } from './spam-filter.ts'

/** A mail as it comes in. */
export interface IncomingMail {
  readonly id: string
  readonly thread: string
  readonly text: MailText
}

/** What the service made of a mail. */
export interface Triaged extends SpamScore {
  readonly trackingId: TrackingId
  readonly features: MailFeatures
  readonly policy: Policy
}

interface Classified extends SpamScore {
  readonly masked: MaskedMail
  readonly features: MailFeatures
}

export interface TriageOptions {
  /** The version that serves now. */
  readonly champion: () => SpamFilter
  readonly exploration: Exploration
  readonly pipeline: Pipeline
  readonly tracer: Tracer
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** What the register keeps of a mail: hashed words, a masked excerpt, and what keeps copies and threads together. */
export function keptFeatures(mail: IncomingMail, masked: MaskedMail, features: MailFeatures): Features {
  return {
    buckets: features.buckets,
    counts: features.counts,
    content: contentHash(masked),
    thread: mail.thread,
    excerpt: maskedExcerpt(masked, EXCERPT_CHARACTERS),
  }
}

/** The spam filter as a service: every mail is scored, tracked, and blocked or passed; chance lets a few blocked ones through. */
export function createTriage({
  champion,
  exploration,
  pipeline,
  tracer,
  now,
}: TriageOptions): (mail: IncomingMail) => Promise<Triaged> {
  const classify = (mail: IncomingMail): Classified => {
    const masked = maskMail(mail.text)
    const features = extractFeatures(masked)
    return { ...champion().scoreFeatures(features), masked, features }
  }
  const policyOf = (id: TrackingId, { spam, label }: SpamScore): Policy =>
    exploration.decide(id, { action: label === 'spam' ? 'block' : 'pass', score: spam })

  const tracked = tracePrediction(classify, {
    task: SPAM_TASK,
    model: () => ({ name: MODEL, version: champion().version }),
    pipeline,
    tracer,
    now,
    describe: (result, { args: [mail], trackingId }) => ({
      value: result.label,
      scores: { ham: 1 - result.spam, spam: result.spam },
      features: keptFeatures(mail, result.masked, result.features),
      entity: mail.id,
      policy: policyOf(trackingId, result),
    }),
  })

  return async (mail) =>
    await tracer.startActiveSpan('receive mail', async (span) => {
      const { value, trackingId } = await tracked(mail)
      span.end()
      const { spam, label, features } = value
      return { spam, label, features, trackingId, policy: policyOf(trackingId, value) }
    })
}
