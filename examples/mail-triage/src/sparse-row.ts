import { BUCKETS, type MailFeatures } from './features.ts'
import { kindOf, MailTriageError } from './mail-triage-error.ts'

/** The entries of a vector that are not 0. */
export interface SparseRow {
  readonly indexes: Uint16Array
  /** As many as `indexes`. */
  readonly values: Float64Array
}

/**
 * The vector that the filter sees: the square root of each bucket's share of the words. Its length is 1 for every mail
 * that has words, so long mails don't outweigh short ones, and a word's second occurrence tells less than its first.
 * (Roots were measured against presence, logarithms and plain counts.)
 *
 * @throws MailTriageError `invalid-argument` when it is not what extractFeatures makes
 */
export function toSparseRow(features: MailFeatures): SparseRow {
  if (!Array.isArray(features?.buckets) || !Array.isArray(features.counts)) {
    throw invalidFeatures(`are ${kindOf(features)}`)
  }
  const { buckets, counts }: MailFeatures = features
  if (buckets.length !== counts.length)
    throw invalidFeatures(`have ${buckets.length} buckets and ${counts.length} counts`)
  let total = 0
  let previous = -1
  for (const [index, bucket] of buckets.entries()) {
    const count = counts[index] ?? 0
    if (!Number.isInteger(bucket) || bucket <= previous || bucket >= BUCKETS)
      throw invalidFeatures(`have the bucket ${bucket}`)
    if (!Number.isFinite(count) || count <= 0) throw invalidFeatures(`have the count ${count}`)
    total += count
    previous = bucket
  }
  return { indexes: Uint16Array.from(buckets), values: Float64Array.from(counts, (count) => Math.sqrt(count / total)) }
}

function invalidFeatures(what: string): MailTriageError {
  return new MailTriageError(
    'invalid-argument',
    `The features ${what}`,
    `Pass what extractFeatures returned: ascending buckets below ${BUCKETS} and as many counts above 0`,
  )
}
