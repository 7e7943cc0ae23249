import type { Features, Policy, TrackingId } from '@groundtrace/core'
import type { Exploration } from '@groundtrace/exploration'
import { getActiveTrackingId, tracePrediction, type Pipeline } from '@groundtrace/instrumentation'
import type { Tracer } from '@opentelemetry/api'
import { extractFeatures, type MailFeatures } from './features.ts'
import type { MailText } from './mail-text.ts'
import { maskedExcerpt, maskMail, type MaskedMail } from './masking.ts'
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
  readonly policy: Policy
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

/** What the register keeps of a mail: hashed words, a masked excerpt, and the thread it belongs to. */
export function keptFeatures(mail: IncomingMail, masked: MaskedMail, features: MailFeatures): Features {
  return {
    buckets: features.buckets,
    counts: features.counts,
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
    const score = champion().scoreFeatures(features)
    const action = score.label === 'spam' ? 'block' : 'pass'
    const id = getActiveTrackingId()
    const policy = id === undefined ? { action } : exploration.decide(id, { action, score: score.spam, unit: mail.id })
    return { ...score, policy, masked, features }
  }

  const tracked = tracePrediction(classify, {
    task: SPAM_TASK,
    model: () => ({ name: MODEL, version: champion().version }),
    pipeline,
    tracer,
    now,
    describe: (result, { args: [mail] }) => ({
      value: result.label,
      scores: { ham: 1 - result.spam, spam: result.spam },
      features: keptFeatures(mail, result.masked, result.features),
      entity: mail.id,
      policy: result.policy,
    }),
  })

  return async (mail) =>
    await tracer.startActiveSpan('receive mail', async (span) => {
      const { value, trackingId } = await tracked(mail)
      span.end()
      const { spam, label, features, policy } = value
      return { spam, label, features, policy, trackingId }
    })
}
