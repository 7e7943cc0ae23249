/** The record with its keys in order and without what is undefined, all the way down. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, part]) => part !== undefined)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, part]) => [key, ordered(part)]))
}

/** JSON that is the same for the same content, whatever the order of keys. */
export function canonical(value: unknown): string {
  return JSON.stringify(ordered(value)) ?? 'undefined'
}

/** True when two pieces of plain data say the same. */
export function sameContent(a: unknown, b: unknown): boolean {
  return a === b || canonical(a) === canonical(b)
}
