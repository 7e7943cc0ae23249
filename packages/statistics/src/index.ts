export { calibrationError } from './calibration-error.ts'
export type { Calibration, CalibrationOptions, ReliabilityBin } from './calibration-error.ts'
export { classificationQuality } from './classification-quality.ts'
export type {
  ClassificationQuality,
  ClassificationQualityOptions,
  ClassQuality,
  QualityFigures,
} from './classification-quality.ts'
export { effectiveSampleSize } from './effective-sample-size.ts'
export type { Estimate, Interval, LevelOption, WeightedEstimate } from './estimate.ts'
export { inversePropensityEstimate, selfNormalizedEstimate } from './inverse-propensity-estimate.ts'
export type { InversePropensityOptions } from './inverse-propensity-estimate.ts'
export { normalQuantile } from './normal-quantile.ts'
export { pairedDifference } from './paired-difference.ts'
export type { PairedDifference, PairedDifferenceOptions, PairedUnit } from './paired-difference.ts'
export { populationStabilityIndex } from './population-stability-index.ts'
export type { FloorOption } from './population-stability-index.ts'
export { propensityWeightedPrecision, propensityWeightedRecall } from './propensity-weighted-quality.ts'
export type { PropensityWeightedEstimate, PropensityWeightedOptions } from './propensity-weighted-quality.ts'
export { psiAlertThreshold } from './psi-alert-threshold.ts'
export type { PsiAlertOptions } from './psi-alert-threshold.ts'
export type { PopulationStratum, RevealedUnit } from './revealed-strata.ts'
export { seededRandom } from './seeded-random.ts'
export { STATISTICS_ERROR_CODES, StatisticsError } from './statistics-error.ts'
export type { StatisticsErrorCode } from './statistics-error.ts'
export { wilsonInterval } from './wilson-interval.ts'
