import type { Feedback } from '@groundtrace/core'
import { tracePrediction, type Pipeline } from '@groundtrace/instrumentation'
import { extractFeatures } from './features.ts'
import { maskMail } from './masking.ts'
import { COLD_START, SPAM_TASK } from './settings.ts'
import type { MailLabel } from './spam-filter-training.ts'
import { KEPT_FEATURES } from './tracking.ts'
import { knownOfMail, type IncomingMail } from './triage-service.ts'
import { auditorAnswers } from './world.ts'

export interface ColdStartOptions {
  readonly pipeline: Pipeline
  readonly now: () => number
}

/**
 * Before there was a filter: a mail passes unseen by any model, which is a prediction too (“ham”, by nobody), so that the
 * labels of the first training set hang on a tracking ID like all others. No library makes it, so it is tracked in code.
 */
export function createPassAll({ pipeline, now }: ColdStartOptions) {
  const tracked = tracePrediction((mail: IncomingMail) => maskMail(mail.text), {
    task: SPAM_TASK,
    model: COLD_START.model,
    pipeline,
    now,
    features: KEPT_FEATURES,
    describe(masked, { args: [mail] }) {
      const { entity, features } = knownOfMail(mail, masked)
      return {
        value: 'ham',
        features: { ...extractFeatures(masked), ...features },
        entity,
        policy: { action: 'pass' },
      }
    },
  })
  return async (mail: IncomingMail) => (await tracked(mail)).trackingId
}

/** An expert's label of a mail of the cold start, given as it comes. */
export async function passAndLabel(
  pass: ReturnType<typeof createPassAll>,
  mail: IncomingMail,
  { truth, time, seed }: { readonly truth: MailLabel; readonly time: number; readonly seed: number },
): Promise<Feedback> {
  const prediction = await pass(mail)
  return { ...auditorAnswers({ mailId: mail.id, truth, predicted: 'ham', prediction, time }, seed), time }
}
