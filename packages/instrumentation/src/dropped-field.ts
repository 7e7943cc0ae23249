/**
 * What was left out of a prediction, or cut, while the prediction itself was kept.
 * - `value`: a text or a ranking was cut
 * - `scores`: no map of finite numbers by class; or only the 100 highest were kept
 * - `features`: a feature that no ledger can keep, that could not be read, or that a bucket was asked of and is no number
 * - `features.unnamed`: a feature that no policy names
 * - `features.truncated`: a feature that was cut, or that there was no room for
 * - `slices`: no map of short texts; or one of more than 100, or that there was no room for
 * - `entity`, `parent`, `whole`, `latencySeconds`: what is none
 * - `user`: what is no ID of a user, or one that there is no secret for
 * - `items`: an item of a stream that describe does not get
 * - `deployment`: the event of a version, beside the 1,000 that a process remembers
 */
export const DROPPED_FIELDS = [
  'value',
  'scores',
  'features',
  'features.unnamed',
  'features.truncated',
  'slices',
  'entity',
  'user',
  'latencySeconds',
  'parent',
  'whole',
  'items',
  'deployment',
] as const
export type DroppedField = (typeof DROPPED_FIELDS)[number]

/** Told what was dropped, and how often. */
export type CountDropped = (field: DroppedField, count?: number) => void
