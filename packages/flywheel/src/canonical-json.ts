import { quote } from '@groundtrace/core'
import { refusal } from './argument.ts'

/**
 * A value as the one JSON text that stands for it: no white space, keys in the order of their UTF-16 code units,
 * numbers and texts as ECMAScript writes them. Fields that are `undefined` are left out. Source: RFC 8785.
 * @throws GroundtraceError `invalid-argument` for what JSON can't say: NaN, Infinity, a function, `undefined` in a list
 */
export function canonicalJson(value: unknown): string {
  // Long lists of numbers are what features are made of: written at once, they cost far less.
  if (Array.isArray(value)) {
    return value.every(isScalar) ? JSON.stringify(value) : `[${value.map(canonicalJson).join(',')}]`
  }
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`).join(',')}}`
  }
  if (isScalar(value)) return JSON.stringify(value)
  throw refusal(`${quote(value)} can't be written as JSON`, 'Pass texts, finite numbers, truth values, null')
}

function isScalar(value: unknown): boolean {
  return value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
}
