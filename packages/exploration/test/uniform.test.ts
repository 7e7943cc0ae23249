import { execFileSync } from 'node:child_process'
import { uniform, type Draw } from '@groundtrace/exploration'
import type { TrackingId } from '@groundtrace/core'
import { describe, expect, test } from 'vitest'
import { ids, OTHER_SECRET, rows, SECRET } from './ids.ts'
import { refusal } from '../../core/test/refusal.ts'

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

/** The number by another road: Web Crypto, and the bits read one by one. */
async function byWebCrypto(secret: string, purpose: string, id: TrackingId): Promise<number> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', bytes(secret), algorithm, false, ['sign'])
  const digest = new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes(`${purpose}\u0000${id}`)))
  const bits = Array.from(digest, (byte) => Array.from({ length: 8 }, (_, place) => (byte >> (7 - place)) & 1)).flat()
  return bits.slice(0, 53).reduce((sum, bit, place) => sum + bit * 2 ** -(place + 1), 0)
}

test('is what Web Crypto makes of secret, purpose and tracking ID', async () => {
  for (const id of [...ids(50), ...rows(50)]) {
    for (const purpose of ['release', 'audit', 'prompt.v2']) {
      expect(uniform({ secret: SECRET, purpose }, id)).toBe(await byWebCrypto(SECRET, purpose, id))
    }
  }
})

test('is the same for the same bytes, given as text or as bytes', () => {
  const [id] = ids(1) as [TrackingId]
  const number = uniform({ secret: SECRET, purpose: 'release' }, id)
  expect(uniform({ secret: bytes(SECRET), purpose: 'release' }, id)).toBe(number)
  expect(uniform({ secret: Buffer.from(SECRET), purpose: 'release' }, id)).toBe(number)
})

test('is the same in another process', () => {
  const [id] = ids(1) as [TrackingId]
  const code = `
    import { uniform } from '@groundtrace/exploration'
    console.log(uniform({ secret: ${JSON.stringify(SECRET)}, purpose: 'audit' }, ${JSON.stringify(id)}))`
  const options = [
    '--conditions=source',
    '--disable-warning=ExperimentalWarning',
    '--input-type=module',
    '--eval',
    code,
  ]
  const printed = execFileSync(process.execPath, options, { cwd: import.meta.dirname, encoding: 'utf8' })
  expect(Number(printed)).toBe(uniform({ secret: SECRET, purpose: 'audit' }, id))
})

test('differs with the secret, the purpose, and any part of the ID', () => {
  const drawn = [...ids(3), ...rows(3)].flatMap((id) =>
    [SECRET, OTHER_SECRET].flatMap((secret) => ['release', 'audit'].map((purpose) => uniform({ secret, purpose }, id))),
  )
  expect(new Set(drawn).size).toBe(6 * 2 * 2)
})

describe('misuse', () => {
  const [id] = ids(1) as [TrackingId]

  test.each([
    ['15 bytes', 'x'.repeat(15), /has 15 bytes/],
    ['15 bytes of bytes', new Uint8Array(15), /has 15 bytes/],
    ['nothing', undefined, /neither text nor bytes/],
    ['a number', 1e20, /neither text nor bytes/],
    ['a list', Array.from({ length: 16 }, () => 1), /neither text nor bytes/],
  ])('a secret of %s is refused, and not shown', (_, secret, cause) => {
    expect(() => uniform({ secret: secret as string, purpose: 'release' }, id)).toThrow(
      refusal('invalid-argument', cause),
    )
    expect(() => uniform({ secret: secret as string, purpose: 'release' }, id)).not.toThrow(/xxx/)
  })

  test('a secret counts in bytes', () => {
    expect(uniform({ secret: 'é'.repeat(8), purpose: 'release' }, id)).toBeLessThan(1)
  })

  test.each([[''], ['a b'], ['release\0'], [undefined], [7]])('purpose %j is refused', (purpose) => {
    expect(() => uniform({ secret: SECRET, purpose: purpose as string }, id)).toThrow(
      refusal('invalid-argument', /is not a bounded word/),
    )
  })

  test.each([[''], [`${id}\n`], [undefined], [7]])('ID %j is refused', (text) => {
    expect(() => uniform({ secret: SECRET, purpose: 'release' }, text as TrackingId)).toThrow(
      refusal('invalid-tracking-id', /is not a tracking ID/),
    )
  })

  test.each([[undefined], [null], ['secret']])('%j in place of secret and purpose is refused', (draw) => {
    expect(() => uniform(draw as unknown as Draw, id)).toThrow(refusal('invalid-argument', /neither text nor bytes/))
  })
})
