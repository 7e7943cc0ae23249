import { invalidPrediction, type Prediction } from './prediction.ts'
import { quote } from './quote.ts'

/**
 * How far ahead of the receiver's clock a prediction may be, in milliseconds: 24 hours. That is more than a wrong time zone
 * makes: dated a little ahead a prediction only closes later, and refused it is lost. Feedback may be ten minutes ahead.
 */
export const MAX_PREDICTION_AHEAD_MS = 24 * 3600 * 1000

const UNIT = 'Pass milliseconds since 1970 (OTLP: nanoseconds), not another unit'

/**
 * A time in a smaller unit closes its prediction never, and retention never comes to what never closes. One in seconds is an
 * early one, which closes at once: what is imported may be as old, so it is taken.
 * @param now the receiver's clock, in milliseconds since 1970
 * @throws GroundtraceError `invalid-prediction`
 */
export function expectPlausibleTime({ time }: Prediction, now: number): void {
  if (time <= now + MAX_PREDICTION_AHEAD_MS) return
  throw invalidPrediction(
    `time ${quote(time)} lies ${Math.round((time - now) / 1000)} seconds ahead of the clock here`,
    `${UNIT}, and check both clocks: at most ${MAX_PREDICTION_AHEAD_MS / 3_600_000} hours ahead are taken`,
  )
}
