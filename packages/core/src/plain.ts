/** Plain data, as an event can carry it: records and lists, nothing that hides its content in a class. */

/** True for a record. Not for arrays, `Map`, `Date` and other classes whose content is not in their own keys. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return Object.prototype.toString.call(value) === '[object Object]'
}

/** True for an array all of whose places, holes included, pass. */
export function isListOf(value: unknown, passes: (item: unknown) => boolean): value is readonly unknown[] {
  return Array.isArray(value) && value.findIndex((item) => !passes(item)) === -1
}

/** True for a record without an own `__proto__`, all of whose values pass, and all of whose names do. */
export function isRecordOf(
  value: unknown,
  passes: (item: unknown) => boolean,
  namePasses: (name: string) => boolean = () => true,
): boolean {
  if (!isRecord(value)) return false
  // A loop: every prediction pays for it.
  for (const name of Object.keys(value)) {
    if (name === '__proto__' || !passes(value[name]) || !namePasses(name)) return false
  }
  return true
}

/**
 * The record with no field but these; the same record when it has no other. What nobody asked for is not kept: it might be
 * personal, and no erasure would find it.
 */
export function onlyFields<T extends object>(record: T, fields: ReadonlySet<string>): T {
  if (Object.keys(record).every((field) => fields.has(field))) return record
  return Object.fromEntries(Object.entries(record).filter(([field]) => fields.has(field))) as T
}

/** True when two pieces of plain data say the same. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isSame(item, b[index]))
  }
  if (!isRecord(a) || !isRecord(b)) return a === b
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]))
}
