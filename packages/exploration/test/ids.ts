import { formatTrackingId, type TrackingId } from '@groundtrace/core'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'

/** Tracking IDs that differ in one digit each, as close to each other as IDs can be: the hardest case for a draw. */
export function ids(count: number): readonly TrackingId[] {
  return Array.from({ length: count }, (_, n) => {
    return formatTrackingId({ traceId: TRACE, spanId: (n + 1).toString(16).padStart(16, '0') })
  })
}

/** Rows of one batch. */
export function rows(count: number): readonly TrackingId[] {
  return Array.from({ length: count }, (_, row) =>
    formatTrackingId({ traceId: TRACE, spanId: '00f067aa0ba902b7', row }),
  )
}

export const SECRET = 'a secret for tests, of 35 characters'
export const OTHER_SECRET = 'another secret, which is as long too'
