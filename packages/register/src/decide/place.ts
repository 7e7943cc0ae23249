import { isOfSameMind, quote, type Feedback, type Prediction, type TrackingId } from '@groundtrace/core'
import { replacedBy } from '../feedback-payload.ts'
import { decodeFeedback } from '../feedback-row.ts'
import type { FeedbackLedger, KeyTarget, Pen, Subject, Subjects } from './books.ts'

/** Where a feedback belongs: to a prediction, into the pen, or nowhere. */
export type Place =
  | { readonly kind: 'prediction'; readonly subject: Subject }
  | { readonly kind: 'pen' }
  | { readonly kind: 'nowhere'; readonly reason: string }

const PEN: Place = { kind: 'pen' }
const nowhere = (reason: string): Place => ({ kind: 'nowhere', reason })
const onto = (subject: Subject): Place => ({ kind: 'prediction', subject })

/** The earlier feedback that a line takes back or replaces, as far as it is known. */
interface Earlier {
  readonly feedback: Feedback
  /** The prediction it joined; undefined while it waits. */
  readonly subject: Subject | undefined
}

const meantBy = ({ entity, task }: KeyTarget, prediction: Prediction): boolean =>
  prediction.entity === entity && prediction.task.name === task

/** Finds the place of each feedback. A place that was given once is kept: a ledger does not move lines. */
export function placing(predictions: Subjects, ledger: FeedbackLedger, pen: Pen): (feedback: Feedback) => Place {
  function earlierOf(feedback: Feedback): Earlier | undefined {
    const id = replacedBy(feedback)
    if (id === undefined) return undefined
    const row = ledger.row(id)
    if (row !== undefined) return { feedback: decodeFeedback(row), subject: predictions.subjectAt(row.prediction) }
    const waiting = pen.empty() ? undefined : pen.row(id)
    return waiting === undefined ? undefined : { feedback: decodeFeedback(waiting), subject: undefined }
  }

  function latestByKey(target: KeyTarget, time: number): Place {
    const rows = predictions.latestByKey(target, time)
    const models = [...new Set(rows.map((row) => row.model))]
    if (models.length > 1) {
      return nowhere(
        `Entity ${quote(target.entity)} of task ${target.task} was predicted by ${models.sort().join(', ')}. ` +
          'Send the tracking ID of the prediction that is meant.',
      )
    }
    const [latest] = rows
    return latest === undefined ? PEN : onto(predictions.subjectAt(latest.position))
  }

  /** By business key a line goes where the one goes that it takes back or replaces, or that does so to it. */
  function byKey(feedback: Feedback, target: KeyTarget, earlier: Earlier | undefined): Place {
    if (earlier?.subject !== undefined) {
      return meantBy(target, earlier.subject.prediction) ? onto(earlier.subject) : elsewhere(earlier.feedback.id)
    }
    if (earlier !== undefined && 'prediction' in earlier.feedback.target) return PEN
    const later = ledger.replacing(feedback.id)
    const subject = later === undefined ? undefined : predictions.subjectAt(later.prediction)
    return subject !== undefined && meantBy(target, subject.prediction)
      ? onto(subject)
      : latestByKey(target, feedback.time)
  }

  function byId(id: TrackingId, earlier: Earlier | undefined): Place {
    const meant = earlier === undefined ? undefined : predictionOf(earlier)
    if (earlier !== undefined && meant !== undefined && meant !== id) return elsewhere(earlier.feedback.id)
    const subject = predictions.subject(id)
    return subject === undefined ? PEN : onto(subject)
  }

  return (feedback) => {
    const earlier = earlierOf(feedback)
    if (earlier !== undefined && feedback.kind === 'retraction' && !isOfSameMind(earlier.feedback, feedback)) {
      return nowhere(
        earlier.feedback.source === feedback.source
          ? `Feedback ${earlier.feedback.id} is of another user. Let its own user take it back.`
          : `Feedback ${earlier.feedback.id} is of source ${earlier.feedback.source}, not of ${feedback.source}. ` +
              'Let its own source take it back.',
      )
    }
    const { target } = feedback
    return 'prediction' in target ? byId(target.prediction, earlier) : byKey(feedback, target, earlier)
  }
}

function predictionOf({ feedback, subject }: Earlier): TrackingId | undefined {
  if (subject !== undefined) return subject.prediction.id
  return 'prediction' in feedback.target ? feedback.target.prediction : undefined
}

function elsewhere(earlier: TrackingId): Place {
  return nowhere(`Feedback ${earlier} is about another prediction. Name the prediction that it is about.`)
}
