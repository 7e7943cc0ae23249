import type { FeatureValue, Prediction } from '@groundtrace/core'
import type { PlannedProject } from './plan.ts'

/** Longest text of one field, in UTF-16 units: a page shows all of it. */
const MOST_SHOWN = 100_000
/** Stands for a feature that the prediction does not have: the server wants every field. */
const ABSENT = '—'

/** As text that every server can store: PostgreSQL refuses a whole import for one NUL, again and again. */
function shownText(value: FeatureValue | undefined): string {
  if (value === undefined) return ABSENT
  const text = (typeof value === 'string' ? value : Array.isArray(value) ? value.join(', ') : String(value))
    .toWellFormed()
    .replaceAll('\0', '\uFFFD')
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN).toWellFormed()}…` : text
}

/**
 * What a task on the server holds of a prediction: the fields that the project shows, as text, and nothing else.
 * @returns undefined when the prediction has none of them any more, or never had
 */
export function taskDataOf(
  { shown }: Pick<PlannedProject, 'shown'>,
  { features = {} }: Pick<Prediction, 'features'>,
): Readonly<Record<string, string>> | undefined {
  const valueOf = (feature: string): FeatureValue | undefined =>
    Object.hasOwn(features, feature) ? features[feature] : undefined
  if (shown.every(({ feature }) => valueOf(feature) === undefined)) return undefined
  return Object.fromEntries(shown.map(({ field, feature }) => [field, shownText(valueOf(feature))]))
}
