const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, d: 24 * 3_600_000, w: 7 * 24 * 3_600_000 }

/** The form of an age, for who gave another. */
export const AGE_FORM = 'hours, days or weeks, such as 36h, 90d or 12w'

/** An age in milliseconds; undefined for what is none. */
export function ageOf(text: string): number | undefined {
  const [, number = '', unit = ''] = /^(\d{1,6})([hdw])$/.exec(text) ?? []
  const length = UNITS[unit]
  return length === undefined ? undefined : Number(number) * length
}
