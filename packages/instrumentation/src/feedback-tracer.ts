import {
  checkedFeedback,
  expectedValue,
  feedbackEvent,
  feedbackId,
  GroundtraceError,
  isValueOf,
  quote,
  type Answer,
  type Feedback,
  type Task,
  type TrackingId,
} from '@groundtrace/core'
import type { Tracer } from '@opentelemetry/api'
import { tellOfMismatch } from './api-mismatch.ts'
import { attempt } from './attempt.ts'
import { startFeedbackSpan } from './feedback-span.ts'
import { tracerSource } from './host-tracer.ts'
import { absentOr, hasMethod, isFunction, isTask, unknownOption } from './option-checks.ts'
import type { Pipeline } from './pipeline.ts'
import { pseudonym } from './pseudonym.ts'
import { createIdSource, type FillRandom } from './random-ids.ts'
import { warnProcess } from './setup.ts'

export interface FeedbackTracerOptions {
  /** Where the events go. */
  readonly pipeline: Pipeline
  /**
   * What the predictions were asked for: it names the spans `feedback {task}`, and what can't be about it is rejected at
   * once. Default: spans are named `feedback`, and whether a label fits is known only where the feedback joins.
   */
  readonly task?: Task | undefined
  /** Default: the host's, as `trace.getTracer` gives it. */
  readonly tracer?: Tracer | undefined
  /** Milliseconds since 1970: when a feedback arrives. Default `Date.now`. */
  readonly now?: (() => number) | undefined
  /** Random bytes for IDs of our own. Default: Node's cryptographic generator. */
  readonly random?: FillRandom | undefined
  /** Told, once, when the host's tracer is out of reach. Default: a warning of the process. */
  readonly warn?: ((message: string) => void) | undefined
}

/** What was said, and what of it names something: no one has checked yet that a text is a tracking ID. */
type ReceivedAnswer =
  | Exclude<Answer, { kind: 'retraction' }>
  | { readonly kind: 'retraction'; readonly retracts: string }

/** A feedback as a request brings it: unchecked, so any text may stand for a tracking ID. */
export type ReceivedFeedback = ReceivedAnswer & {
  /** Which prediction is meant: by its tracking ID, or by business key and task (the latest before the feedback). */
  readonly target: { readonly prediction: string } | { readonly entity: string; readonly task: string }
  /** Who said it, as a bounded word: `recipient`, `auditor`, `chargeback`. Never a person's name. */
  readonly source: string
  /**
   * What the request has so that a retry is told from a second answer; unique within the source, 1 to 256 characters. The
   * feedback's own tracking ID is derived from it. A retry is the same feedback where `time` is the same too, so say it.
   */
  readonly idempotencyKey?: string | undefined
  /** Its own tracking ID, where it has one already. Default: by the key, else that of its span, a new one for each call. */
  readonly id?: string | undefined
  /** When it was said: milliseconds since 1970. Default: now. */
  readonly time?: number | undefined
  /** The ID by which the service knows who said it; only a pseudonym of it leaves the service, as with predictions. */
  readonly user?: string | undefined
  /** An earlier feedback of the same source on this prediction, that this one replaces: its tracking ID. */
  readonly supersedes?: string | undefined
  /** Free words. Erasable. */
  readonly comment?: string | undefined
  /** Probability, from 1e-6 to 1, that this answer was asked for; absent when it came unasked. */
  readonly propensity?: number | undefined
}

/** What became of a feedback here; what a register makes of it, the register says. */
export type FeedbackReceipt =
  /** It went into the pipeline. What fails there is counted there. */
  | { readonly status: 'emitted'; readonly id: TrackingId }
  /** It can't be used, and went nowhere. The error says why, and what to do. */
  | { readonly status: 'rejected'; readonly error: GroundtraceError }

/**
 * Makes what is called for each feedback that arrives, hours or weeks after its prediction: it makes a span
 * `feedback {task}` where the request is, linked to the span of the prediction and carrying its tracking ID, and emits the
 * event `groundtrace.feedback` in that span. Without an SDK there is no span; the event is the same.
 *
 * The returned function never throws, whatever it is given: a bad feedback is told in its receipt, and harms none beside it.
 * @throws GroundtraceError `invalid-argument` for options that can't work
 */
export function createFeedbackTracer(options: FeedbackTracerOptions): (feedback: ReceivedFeedback) => FeedbackReceipt {
  const { pipeline, task, tracer, now, random, warn } = checked(options)
  const ids = createIdSource(random)

  function accept(received: ReceivedFeedback, ownId: TrackingId): Feedback {
    const arrived = attempt(now).value
    const { idempotencyKey, time = arrived } = received
    const { id = idempotencyKey === undefined ? ownId : feedbackId(received.source, idempotencyKey) } = received
    const user = pseudonym(received.user, pipeline.keyedHash, (field) => pipeline.dropField(field))
    const feedback = checkedFeedback(copied({ ...received, id, time, user }), arrived)
    checkTask(feedback, task)
    return feedback
  }

  return (received) => {
    const prediction = attempt(() => (received.target as { readonly prediction?: unknown }).prediction).value
    const span = startFeedbackSpan(tracer, task, prediction, ids)
    if (!span.hasSpan) tellOfMismatch(warn)
    const accepted = attempt(() => accept(received, span.trackingId))
    if (!accepted.succeeded) {
      const error = refusal(accepted.fault)
      span.rejected(error.code)
      return { status: 'rejected', error }
    }
    const feedback = accepted.value
    attempt(() => pipeline.emit(feedbackEvent(feedback), span.spanContextOf(feedback.id), span.context))
    span.accepted(feedback)
    return { status: 'emitted', id: feedback.id }
  }
}

/** Its fields as they are now, lists too: whoever reads the event later sees what was checked. */
function copied(feedback: Readonly<Record<string, unknown>>): Feedback {
  const present = Object.entries(feedback).filter(([, value]) => value !== undefined)
  return Object.fromEntries(
    present.map(([field, value]) => [field, Array.isArray(value) ? value.slice() : value]),
  ) as Feedback
}

/** @throws GroundtraceError `invalid-feedback` for a business key or a label that the task which is asked about has not */
function checkTask(feedback: Feedback, task: Task | undefined): void {
  if (task === undefined) return
  const { id, target } = feedback
  const refuse = (cause: string, nextStep: string): never => {
    throw new GroundtraceError('invalid-feedback', `Feedback ${quote(id)}: ${cause}`, nextStep)
  }
  if ('task' in target && target.task !== task.name) {
    refuse(
      `target names task ${quote(target.task)}, and this is where feedback on ${task.name} arrives`,
      'Send it to where its task is asked about, or make the tracer without a task',
    )
  }
  if ('label' in feedback && !isValueOf(task, feedback.label)) {
    refuse(`label ${quote(feedback.label)} is no value of task ${task.name}`, `Send ${expectedValue(task)}`)
  }
}

/** What was thrown as an error of ours: a value that throws when it is read is no feedback either. */
function refusal(fault: unknown): GroundtraceError {
  if (GroundtraceError.isInstance(fault)) return fault
  return new GroundtraceError('invalid-feedback', 'The feedback could not be read', 'Pass plain data', { cause: fault })
}

const OPTIONS = [
  'pipeline',
  'task',
  'tracer',
  'now',
  'random',
  'warn',
] as const satisfies (keyof FeedbackTracerOptions)[]

function checked(options: FeedbackTracerOptions) {
  const { pipeline, task, tracer, now, random, warn }: Partial<FeedbackTracerOptions> = options ?? {}
  const unknown = unknownOption(options ?? {}, OPTIONS)
  if (unknown !== undefined) throw invalid(`there is no option ${quote(unknown)}`, `Pass some of ${OPTIONS.join(', ')}`)
  if (pipeline === undefined || !hasMethod(pipeline, 'emit') || !hasMethod(pipeline, 'dropField')) {
    throw invalid('pipeline is no pipeline', 'Pass what createPipeline returned')
  }
  if (!absentOr(isTask)(task)) throw invalid(`task ${quote(task)} is no task`, 'Pass what defineTask returned')
  if (!absentOr((value) => hasMethod(value, 'startSpan'))(tracer)) {
    throw invalid('tracer is no tracer', 'Pass what trace.getTracer returned, or leave it out')
  }
  if (![now, random, warn].every(absentOr(isFunction))) {
    throw invalid('now, random or warn is no function', 'Pass a function, or leave it out')
  }
  return {
    pipeline,
    task,
    tracer: tracerSource(tracer),
    now: now ?? Date.now,
    random,
    warn: warn ?? warnProcess,
  }
}

const invalid = (cause: string, nextStep: string): GroundtraceError =>
  new GroundtraceError('invalid-argument', `createFeedbackTracer: ${cause}`, nextStep)
