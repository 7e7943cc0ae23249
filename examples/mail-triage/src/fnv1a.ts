const OFFSET_BASIS = 0x811c9dc5
const PRIME = 0x01000193

/**
 * 32-bit FNV-1a hash of a text's UTF-8 bytes, from 0 to 2³² − 1.
 *
 * Source: L. Noll, K. Vo, D. Eastlake, T. Hansen, "The FNV non-cryptographic hash algorithm", RFC 9923 (2026).
 *
 * @param start the hash of what stands before the text; by default nothing does. So a salt is hashed once, not per word
 */
export function fnv1a(text: string, start: number = OFFSET_BASIS): number {
  let hash = start
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) {
      hash = Math.imul(hash ^ unit, PRIME)
    } else {
      for (const byte of Buffer.from(text.slice(index))) hash = Math.imul(hash ^ byte, PRIME)
      break
    }
  }
  return hash >>> 0
}
