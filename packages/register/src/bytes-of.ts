/** What one value takes in memory, about: enough to bound a queue or a page, and cheap enough for the prediction path. */
export function bytesOf(value: unknown, depth = 0): number {
  if (typeof value === 'string') return 2 * value.length
  if (typeof value !== 'object' || value === null || depth > 2) return 8
  if (Array.isArray(value)) {
    // One item stands for all: walking a long list would cost what the bound is to save.
    return value.length * bytesOf(value[value.length >> 1], depth + 1)
  }
  let bytes = 0
  for (const key in value) bytes += 2 * key.length + bytesOf((value as Record<string, unknown>)[key], depth + 1)
  return bytes
}
