import { diag } from '@opentelemetry/api'
import { attempt } from './attempt.ts'
import { tellable } from './tellable.ts'

/**
 * Why an event did not get where it should be.
 * - `describe-failed`: the describe callback threw
 * - `prediction-invalid`: what it described is no prediction of the task
 * - `model-failed`: the callback that names the model threw, or named none
 * - `rows-failed`: the callback that counts the rows of a batch threw, or gave no number
 * - `rows-truncated`: a row beyond those of one call that are told
 * - `answer-forgotten`: a stream or a promise was thrown away before anybody read it to its end
 * - `event-invalid`: what was given to `emit` is no event
 * - `processor-failed`: a processor threw; counted for each processor that did
 * - `forward-failed`: the host's logger threw
 * - `flush-failed`: a processor could not flush or shut down; what it still held may be lost
 * - `pipeline-closed`: emitted after `shutdown`
 */
export const LOSS_REASONS = [
  'describe-failed',
  'prediction-invalid',
  'model-failed',
  'rows-failed',
  'rows-truncated',
  'answer-forgotten',
  'event-invalid',
  'processor-failed',
  'forward-failed',
  'flush-failed',
  'pipeline-closed',
] as const
export type LossReason = (typeof LOSS_REASONS)[number]

/** How many were lost for each reason; a reason that never occurred is absent. */
export type Loss = Readonly<Partial<Record<LossReason, number>>>

export interface LossCounter {
  /** Counts a loss of one event, or of more. The first for a reason is logged, the others are only counted. Never throws. */
  count(reason: LossReason, cause?: unknown, events?: number): void
  /** A snapshot of the counts. */
  counts(): Loss
}

/** Losses of events that no processor ever saw. The others are told by the processor that failed, or are no loss to the rest. */
const UNSEEN: ReadonlySet<LossReason> = new Set([
  'describe-failed',
  'prediction-invalid',
  'model-failed',
  'rows-failed',
  'rows-truncated',
  'answer-forgotten',
  'event-invalid',
  'pipeline-closed',
])

/** @param onUnseen told of each event, or of so many, that was lost before any processor saw it */
export function createLossCounter(
  onUnseen: (reason: LossReason, events: number, cause: unknown) => void = () => undefined,
): LossCounter {
  const counts = new Map<LossReason, number>()
  return {
    count(reason, cause, events = 1) {
      const before = counts.get(reason) ?? 0
      counts.set(reason, before + events)
      const isUnseen = UNSEEN.has(reason)
      // What callbacks throw may repeat what was said; what processors throw is about networks and disks.
      const told = isUnseen ? tellable(cause) : cause
      if (before === 0) warn(reason, told)
      if (isUnseen) onUnseen(reason, events, told)
    },
    counts: () => Object.fromEntries(counts),
  }
}

const WITHHELD = 'What it said is withheld, for it may repeat what a user or a model said'

/** What to do about each. */
const NEXT_STEPS: Readonly<Record<LossReason, string>> = {
  'describe-failed': `describe threw: mend it where the lines below say. ${WITHHELD}`,
  'prediction-invalid': `Mend what describe returns, as the error below says. ${WITHHELD}`,
  'model-failed': `The function that names the model threw, or named none: mend it. ${WITHHELD}`,
  'rows-failed': `The function that counts rows threw, or gave no number: mend it. ${WITHHELD}`,
  'rows-truncated': 'Predict fewer rows in one call',
  'answer-forgotten': 'Read streams and promises of answers to their end',
  'event-invalid': 'Emit what predictionEvent or feedbackEvent made',
  'processor-failed': 'Mend the processor: the error below is its own',
  'forward-failed': 'Mend the logger that events are forwarded to: the error below is its own',
  'flush-failed': 'Look whether the processor reaches where it sends to: the error below is its own',
  'pipeline-closed': 'Call shutdown when the last prediction is over',
}

function warn(reason: LossReason, cause: unknown): void {
  // A host's logger that throws must not make a loss worse.
  attempt(() =>
    diag.warn(
      `groundtrace: an event was lost (${reason}). ${NEXT_STEPS[reason]}. Further losses for this reason are only counted`,
      cause,
    ),
  )
}
