export { lineageOf, type Lineage, type LineageEntry } from './lineage.ts'
export { lineageText } from './lineage-text.ts'
export { predictionsBy, traceOf, type DataSetUse, type Trace } from './trace.ts'
export { traceText } from './trace-text.ts'
