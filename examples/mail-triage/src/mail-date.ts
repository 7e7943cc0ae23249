const DATE = /(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d{2}):(\d{2})(?::(\d{2}))? ([+-]\d{4}|[A-Za-z]{1,5})/

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** Hours east of Greenwich, RFC 5322 section 4.3 (obsolete zones that mails still carry). */
const ZONE_HOURS: Readonly<Record<string, number>> = {
  ut: 0,
  utc: 0,
  gmt: 0,
  z: 0,
  est: -5,
  edt: -4,
  cst: -6,
  cdt: -5,
  mst: -7,
  mdt: -6,
  pst: -8,
  pdt: -7,
}

/**
 * Reads the date of a mail header (RFC 5322 section 3.3). `Date.parse` would read a date without a zone in the zone of
 * the machine, and so order mails differently from place to place; here it is not a date.
 *
 * @returns milliseconds since 1970, UTC, or `undefined` when there is no whole date in the text
 */
export function parseMailDate(text: string): number | undefined {
  const match = DATE.exec(text.slice(0, 200).replace(/\s+/g, ' '))
  if (match === null) return undefined
  const [, day, monthName, year, hour, minute, second = '0', zone = ''] = match
  const month = MONTHS.indexOf((monthName ?? '').toLowerCase())
  const offsetMinutes = zoneMinutes(zone)
  if (month < 0 || offsetMinutes === undefined) return undefined
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined
  const midnight = Date.UTC(Number(year), month, Number(day))
  if (new Date(midnight).getUTCDate() !== Number(day)) return undefined
  return midnight + ((Number(hour) * 60 + Number(minute) - offsetMinutes) * 60 + Number(second)) * 1000
}

function zoneMinutes(zone: string): number | undefined {
  const hours = ZONE_HOURS[zone.toLowerCase()]
  if (hours !== undefined) return hours * 60
  const digits = Number(zone.slice(1))
  if (Number.isNaN(digits)) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (Math.floor(digits / 100) * 60 + (digits % 100))
}
