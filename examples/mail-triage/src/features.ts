import { fnv1a } from './fnv1a.ts'
import { kindOf, MailTriageError } from './mail-triage-error.ts'
import type { MaskedMail } from './masking.ts'

const BUCKET_BITS = 14
export const BUCKETS = 2 ** BUCKET_BITS

/** More words of a body add little to what the first ones tell. */
const MOST_WORDS = 1000
const LONGEST_WORD = 24

/** A run of letters (also undecodable ones, which some mail is made of), a mask such as `‹url›`, or one of `! $ %`. */
const WORD = /‹?[\p{L}\p{M}\uFFFD]+›?|[!$%]/gu

const SUBJECT = fnv1a('subject\0')
const BODY = fnv1a('body\0')

/** How often words fall into each bucket. Words can't be read back from it. Plain arrays, so that it is its own JSON. */
export interface MailFeatures {
  /** Ascending, from 0 to 16,383, each once. */
  readonly buckets: readonly number[]
  /** As many, each at least 1. */
  readonly counts: readonly number[]
}

/**
 * Counts the words of subject and body by hash bucket. A word of the subject falls into another bucket than the same word
 * of the body. Headers other than the subject are not used: they tell which collection a mail comes from.
 *
 * Source of the folding of 32 bits to 14: RFC 9923, section 3 ("xor folding"). Of hashing words: K. Weinberger et al.,
 * "Feature hashing for large scale multitask learning", ICML 2009.
 *
 * @throws MailTriageError `invalid-argument`
 */
export function extractFeatures(mail: MaskedMail): MailFeatures {
  if (typeof mail?.subject !== 'string' || typeof mail.body !== 'string') {
    throw new MailTriageError(
      'invalid-argument',
      `${kindOf(mail)} has no masked subject and body`,
      'Pass what maskMail returned',
    )
  }
  const counts = new Map<number, number>()
  countWords(mail.subject, SUBJECT, counts)
  countWords(mail.body, BODY, counts)
  const buckets = [...counts.keys()].sort((a, b) => a - b)
  return { buckets, counts: buckets.map((bucket) => counts.get(bucket) ?? 0) }
}

function countWords(text: string, salt: number, counts: Map<number, number>): void {
  let words = 0
  for (const [word] of text.toLowerCase().matchAll(WORD)) {
    const bucket = foldedBucket(fnv1a(word.slice(0, LONGEST_WORD), salt))
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1)
    words += 1
    if (words === MOST_WORDS) return
  }
}

function foldedBucket(hash: number): number {
  return ((hash >>> BUCKET_BITS) ^ hash) & (BUCKETS - 1)
}
