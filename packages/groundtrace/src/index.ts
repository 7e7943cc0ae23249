export { lineageOf, type Lineage, type LineageEntry } from './lineage.ts'
export { lineageText } from './lineage-text.ts'
export { tracesOf, type DataSetUse, type Trace } from './trace.ts'
export { traceText } from './trace-text.ts'
