const DAY_MS = 24 * 3600 * 1000
/** A Monday: 5 January 1970. */
const FIRST_MONDAY_MS = 4 * DAY_MS

/** The period that a time is in, by the date (UTC) on which it begins; periods of seven days begin on Mondays. */
export function periodOf(time: number, days: number): string {
  const length = days * DAY_MS
  const start = Math.floor((time - FIRST_MONDAY_MS) / length) * length + FIRST_MONDAY_MS
  return new Date(start).toISOString().slice(0, 10)
}
