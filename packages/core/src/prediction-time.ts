import { invalidPrediction, type Prediction } from './prediction.ts'
import { quote } from './quote.ts'

/**
 * How far ahead of the receiver's clock a prediction may be, in milliseconds: 24 hours. That is more than a wrong time zone
 * makes: dated a little ahead a prediction only closes later, and refused it is lost. Feedback may be ten minutes ahead.
 */
export const MAX_PREDICTION_AHEAD_MS = 24 * 3600 * 1000

/** Earliest time of a prediction, in milliseconds since 1970: the year 2000. Seconds that are taken for milliseconds fall into January 1970. */
export const EARLIEST_PREDICTION_TIME = Date.UTC(2000, 0, 1)

const UNIT = 'Pass milliseconds since 1970 (OTLP: nanoseconds), not another unit'

/**
 * A time in another unit closes its prediction at once or never, and retention never comes to what never closes.
 * @param now the receiver's clock, in milliseconds since 1970
 * @throws GroundtraceError `invalid-prediction`
 */
export function expectPlausibleTime({ time }: Prediction, now: number): void {
  if (time < EARLIEST_PREDICTION_TIME) {
    throw invalidPrediction(`time ${quote(time)} is before the year 2000`, UNIT)
  }
  if (time <= now + MAX_PREDICTION_AHEAD_MS) return
  throw invalidPrediction(
    `time ${quote(time)} lies ${Math.round((time - now) / 1000)} seconds ahead of the clock here`,
    `${UNIT}, and check both clocks: at most ${MAX_PREDICTION_AHEAD_MS / 3_600_000} hours ahead are taken`,
  )
}
