import { GroundtraceError } from './errors.ts'
import { quote } from './quote.ts'

/** Seconds since 1970 and nanoseconds within the second, as OpenTelemetry's SDKs hold time. */
export type HrTime = readonly [seconds: number, nanoseconds: number]

/** ECMAScript's last instant, in milliseconds since 1970: what `Date` can show. */
const LAST_INSTANT = 8.64e15
const NANOSECONDS_IN_MILLISECOND = 1e6
const NANOSECONDS_IN_SECOND = 1e9

/** True for milliseconds since 1970 that `Date` can show. */
export function isTime(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= LAST_INSTANT
}

function notATime(value: unknown, nextStep: string): GroundtraceError {
  return new GroundtraceError('invalid-argument', `${quote(value)} is no time`, nextStep)
}

/** Milliseconds since 1970 as OpenTelemetry's time. @throws GroundtraceError `invalid-argument` */
export function toHrTime(milliseconds: number): HrTime {
  if (!isTime(milliseconds)) throw notATime(milliseconds, 'Pass milliseconds since 1970')
  const seconds = Math.floor(milliseconds / 1000)
  const nanoseconds = Math.round((milliseconds - seconds * 1000) * NANOSECONDS_IN_MILLISECOND)
  return nanoseconds < NANOSECONDS_IN_SECOND ? [seconds, nanoseconds] : [seconds + 1, 0]
}

/** Milliseconds since 1970 of what may be OpenTelemetry's time; undefined when it is none. */
export function millisecondsOf(time: unknown): number | undefined {
  if (!Array.isArray(time) || time.length !== 2 || !Number.isFinite(time[0]) || !Number.isFinite(time[1]))
    return undefined
  const [seconds, nanoseconds] = time as unknown as HrTime
  const milliseconds = seconds * 1000 + nanoseconds / NANOSECONDS_IN_MILLISECOND
  return isTime(milliseconds) ? milliseconds : undefined
}

/** OpenTelemetry's time as milliseconds since 1970. @throws GroundtraceError `invalid-argument` */
export function fromHrTime(time: HrTime): number {
  const milliseconds = millisecondsOf(time)
  if (milliseconds === undefined) throw notATime(time, 'Pass [seconds since 1970, nanoseconds]')
  return milliseconds
}
