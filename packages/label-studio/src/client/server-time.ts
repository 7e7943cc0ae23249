const FORM = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:Z|\+00:00)$/

/**
 * A time of the server's, in UTC with six digits of a second, so that the order of texts is that of times: the server leaves
 * the digits out where all are zero. Undefined for what is no time in UTC.
 */
export function canonicalTime(time: string): string | undefined {
  const [, seconds, fraction = ''] = FORM.exec(time) ?? []
  return seconds === undefined || Number.isNaN(Date.parse(time)) ? undefined : `${seconds}.${fraction.padEnd(6, '0')}Z`
}
