/**
 * A time of the server's that is some seconds earlier, in its own form: what it wrote while others were still writing, or
 * while its clock went back a little, is read once more.
 */
export function secondsBefore(time: string, seconds: number): string {
  const milliseconds = new Date(time).getTime() - seconds * 1000
  return canonicalTime(new Date(milliseconds).toISOString()) ?? time
}

const FORM = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:Z|\+00:00)$/

/** A time in UTC with six digits of a second, as the order of texts needs it; undefined for what is none. */
export function canonicalTime(time: string): string | undefined {
  const [, seconds, fraction = ''] = FORM.exec(time) ?? []
  return seconds === undefined || Number.isNaN(Date.parse(time)) ? undefined : `${seconds}.${fraction.padEnd(6, '0')}Z`
}

/** The later one of two times. */
export function later(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return a > b ? a : b
}
