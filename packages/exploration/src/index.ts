export { createExploration, type Exploration, type ExplorationOptions, type Intent } from './exploration.ts'
export { type AuditRule, type ReleaseRule, type Tier } from './rules.ts'
export { uniform, type Draw } from './uniform.ts'
