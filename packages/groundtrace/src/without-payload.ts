import type { Feedback, Prediction } from '@groundtrace/core'

/** A prediction as lists show it: its task by name. @param payload with features and user */
export function shownPrediction(prediction: Prediction, payload = false): Record<string, unknown> {
  const { task, features, user, ...rest } = prediction
  return { ...rest, task: task.name, ...(payload ? { features, user } : {}) }
}

/** A feedback as lists show it. @param payload with user, comment and the report of a harm */
export function shownFeedback(feedback: Feedback, payload = false): Record<string, unknown> {
  if (payload) return { ...feedback }
  const { user: _user, comment: _comment, ...rest } = feedback
  if (rest.kind !== 'harm') return rest
  const { report: _report, ...harm } = rest
  return harm
}
