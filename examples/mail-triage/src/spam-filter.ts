import { logistic } from './calibration.ts'
import { extractFeatures, type MailFeatures } from './features.ts'
import { marginOf } from './logistic-regression.ts'
import type { MailText } from './mail-text.ts'
import { maskMail } from './masking.ts'
import { unpackModel, type SpamFilterModel } from './spam-filter-model.ts'
import type { MailLabel } from './spam-filter-training.ts'
import { toSparseRow } from './sparse-row.ts'

export interface SpamScore {
  /** How probable spam is where half of the mails are spam. */
  readonly spam: number
  readonly label: MailLabel
}

export interface SpamFilter {
  readonly version: string
  /** From text to score: masks, counts words, scores. @throws MailTriageError `invalid-argument` */
  readonly score: (mail: MailText) => SpamScore
  /** The same for a mail whose words are counted already. @throws MailTriageError `invalid-argument` */
  readonly scoreFeatures: (features: MailFeatures) => SpamScore
}

/** A mail is spam from this probability on. */
export const CUT_OFF = 0.5

/** The class that a score stands for. */
export const labelOf = (spam: number): MailLabel => (spam >= CUT_OFF ? 'spam' : 'ham')

export interface SpamFilterOptions {
  /** By default made of the model's hash, so that it names these very weights. */
  readonly version?: string | undefined
}

/**
 * A spam filter that knows its weights and nothing else, in float64: what a version says of mails that it did not serve.
 * Mails that it serves are scored by the same version's ONNX file.
 *
 * @throws MailTriageError `invalid-argument`; `model-corrupt` when the model is not what its hash names
 */
export function createSpamFilter(model: SpamFilterModel, options: SpamFilterOptions = {}): SpamFilter {
  const linear = unpackModel(model)
  const { version = `spam-filter-${model.hash.slice(0, 12)}` } = options
  const { slope, intercept } = model.calibration
  const scoreFeatures = (features: MailFeatures): SpamScore => {
    const spam = logistic(slope * marginOf(linear, toSparseRow(features)) + intercept)
    return { spam, label: labelOf(spam) }
  }
  return { version, score: (mail) => scoreFeatures(extractFeatures(maskMail(mail))), scoreFeatures }
}
