import { classificationQuality } from '@groundtrace/statistics'
import type { MailLabel } from './spam-filter-training.ts'

/** How well labels hit the truth; null where that is not defined. */
export interface Quality {
  readonly accuracy: number | null
  readonly balancedAccuracy: number | null
  readonly precision: number | null
  readonly recall: number | null
}

const CLASSES = ['ham', 'spam'] as const

/** Quality of one way of labelling mails, “spam” being the positive class. */
export function qualityOf<M extends { readonly truth: MailLabel }>(
  mails: readonly M[],
  labelOf: (mail: M) => MailLabel,
): Quality {
  if (mails.length === 0) return { accuracy: null, balancedAccuracy: null, precision: null, recall: null }
  const confusion = CLASSES.map((truth) =>
    CLASSES.map((label) => mails.filter((mail) => mail.truth === truth && labelOf(mail) === label).length),
  )
  const { accuracy, balancedAccuracy, perClass } = classificationQuality(confusion, { classes: CLASSES })
  const spam = perClass[1]
  return {
    accuracy: accuracy.value ?? null,
    balancedAccuracy: balancedAccuracy.value ?? null,
    precision: spam?.precision.value ?? null,
    recall: spam?.recall.value ?? null,
  }
}
