import { isName } from './key.ts'

/** Longest piece of foreign text that a message repeats. */
const SHOWN = 80

/** What JSON leaves as it is although it breaks or turns around a line: control, separator and direction characters. */
const UNSAFE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g
const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Foreign input as it may stand in a message: one line, bounded, control characters escaped. */
export function quote(value: unknown): string {
  if (typeof value === 'string') {
    const text = JSON.stringify(value.slice(0, SHOWN)).replace(UNSAFE, escaped)
    return value.length > SHOWN ? `${text.slice(0, -1)}…"` : text
  }
  if (value === null || ['undefined', 'number', 'boolean', 'bigint'].includes(typeof value)) return String(value)
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`
}

/** Foreign texts that a message repeats of a list. */
const ENUMERATED = 10

/** Foreign texts as they may stand in a message: a bounded number of them, bounded words as they are and others as quoted. */
export function enumerated(texts: readonly string[]): string {
  const shown = texts.slice(0, ENUMERATED).map((text) => (isName(text) ? text : quote(text)))
  const more = texts.length - shown.length
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
