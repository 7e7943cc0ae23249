import { defineTask, formatTrackingId, type Prediction, type TrackingId } from '@groundtrace/core'
import { loadCorpus } from '../../examples/mail-triage/src/corpus.ts'
import { extractFeatures } from '../../examples/mail-triage/src/features.ts'
import { parseMail } from '../../examples/mail-triage/src/mail-text.ts'
import { maskedExcerpt, maskMail } from '../../examples/mail-triage/src/masking.ts'
import { createSpamFilter } from '../../examples/mail-triage/src/spam-filter.ts'
import { trainSpamFilter } from '../../examples/mail-triage/src/spam-filter-training.ts'

export const SPAM = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'], horizonSeconds: 3600 })

/** Mails that the filter learns from, and those that it then says something of. */
const LEARNED = 400
const SCORED = 640
/** Every so many of them come from a confidential account. */
const PRIVATE_EVERY = 32

export interface Mail {
  readonly prediction: Prediction
  /** As the corpus has it. */
  readonly truth: 'ham' | 'spam'
}

const idOf = (number: number): TrackingId =>
  formatTrackingId({ traceId: (number + 1).toString(16).padStart(32, '0'), spanId: 'd'.repeat(16) })

/** Real mails, and what a filter that learned from others says of them. What is kept of a mail is masked. */
export async function scoredMails(time: number): Promise<readonly Mail[]> {
  const { mails } = loadCorpus()
  const read = await Promise.all(
    mails.slice(0, LEARNED + SCORED).map(async ({ raw, isSpam }) => {
      const masked = maskMail(await parseMail(raw))
      return { masked, label: isSpam ? ('spam' as const) : ('ham' as const), features: extractFeatures(masked) }
    }),
  )
  const filter = createSpamFilter(trainSpamFilter({ examples: read.slice(0, LEARNED) }))
  return read.slice(LEARNED).map(({ masked, label: truth, features }, number) => {
    const { spam, label } = filter.scoreFeatures(features)
    const isPrivate = number % PRIVATE_EVERY === 0
    return {
      truth,
      prediction: {
        id: idOf(number),
        task: SPAM,
        model: { name: 'filter', version: filter.version },
        time,
        value: label,
        scores: { ham: 1 - spam, spam },
        features: {
          subject: masked.subject,
          excerpt: maskedExcerpt(masked, 300),
          ...(isPrivate && { account: 'confidential' }),
        },
      },
    }
  })
}
