/** Longest piece of foreign text that a message repeats. */
const SHOWN = 80

/** Foreign input as it may stand in a message: one line, bounded, control characters escaped. */
export function quote(value: unknown): string {
  if (typeof value === 'string') {
    const text = JSON.stringify(value.slice(0, SHOWN))
    return value.length > SHOWN ? `${text.slice(0, -1)}…"` : text
  }
  if (value === null || ['undefined', 'number', 'boolean', 'bigint'].includes(typeof value)) return String(value)
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`
}
