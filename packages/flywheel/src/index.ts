export { collectExamples, type Collected, type CollectOptions } from './collect-examples.ts'
export { forgetErased } from './forget-erased.ts'
export { ExamplePool, type PoolChange, type WithoutExample } from './example-pool.ts'
export { extendHistory, NO_HISTORY, readHistory, type Groupable, type GroupOf, type SetHistory } from './set-history.ts'
export { splitDataSets, type DataSetSplit, type DropReason, type SplitOptions } from './split-data-sets.ts'
export {
  eraseSalts,
  MANIFEST_FORMAT,
  manifestOf,
  manifestText,
  parseManifest,
  type Manifest,
  type ManifestLine,
  type ManifestOptions,
} from './manifest.ts'
export { derivedSalts, randomSalts, type SaltOf, type Salts } from './salts.ts'
export {
  readExamples,
  verifyManifest,
  type ManifestCheck,
  type ManifestFault,
  type VerifyOptions,
} from './verify-manifest.ts'
export { dataSetLine, lineageLine, type LineageEventOf, type LineageLineOf } from './lineage-line.ts'
export {
  evaluateTriggers,
  retrainingLine,
  type DriftSignal,
  type QualitySignal,
  type Situation,
  type Trigger,
  type TriggerReading,
} from './triggers.ts'
export type { ComparedPrediction, VolunteerUse } from './comparison-window.ts'
export { compareVersions, type CompareOptions, type GateMetric, type VersionComparison } from './compare-versions.ts'
export { gateLine, promotionGate, type GateDecision, type GateOptions } from './promotion-gate.ts'
export {
  rollbackDecision,
  rollbackLines,
  type BeforeAndSince,
  type RealisedQuality,
  type RollbackDecision,
  type RollbackEvidence,
  type RollbackOptions,
  type ShadowEvidence,
} from './rollback.ts'
export { nextVersion } from './version-name.ts'
export {
  feedbackBehind,
  versionsPoweredBy,
  walkLineage,
  type LineageWalk,
  type PoweredBy,
  type PoweredVersion,
} from './walk-lineage.ts'
