/**
 * Why a unit is not settled.
 * - `no-answers`, `too-few-answers`: fewer than could settle it.
 * - `no-agreement`: too few annotators say the same.
 * - `tied`: two labels have the most answers, or are as surprisingly popular.
 * - `no-posterior`: there is too little data for a model of the annotators, or none could be trusted.
 * - `low-posterior`: no label is probable enough.
 * - `shares-missing`: too few said what share of people will choose each class, which its rule needs.
 * - `groups-missing`: too few of the declared groups have answered.
 * - `unclear`: annotators flagged it as unclear.
 * - `groups-disagree`: a group says otherwise than all together.
 * - `rules-disagree`: enough annotators agree, but the model is sure of another label.
 */
export const UNSETTLED_REASONS = [
  'no-answers',
  'too-few-answers',
  'no-agreement',
  'tied',
  'no-posterior',
  'low-posterior',
  'shares-missing',
  'groups-missing',
  'unclear',
  'groups-disagree',
  'rules-disagree',
] as const
export type UnsettledReason = (typeof UNSETTLED_REASONS)[number]
