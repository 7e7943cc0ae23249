import { formatTrackingId } from '@groundtrace/core'

export const NOW = Date.UTC(2026, 0, 2)
export const now = (): number => NOW
/** A prediction of yesterday. */
export const PREDICTION = formatTrackingId({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) })
/** A feedback on it. */
export const THUMB = { kind: 'rating', right: false, source: 'recipient', target: { prediction: PREDICTION } } as const
