import { createHash, createHmac } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isKey, keyedHash, secretKey, type FeatureValue } from '@groundtrace/core'
import { refusal } from './refusal.ts'

const SECRET = 'a secret for tests, of 35 characters'
const hash = keyedHash(SECRET)

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

const BLOCK_BYTES = 64
const sha256 = (...parts: readonly Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest()

/** HMAC as RFC 2104 defines it, by hand: what another language would compute. */
function hmac(secret: Uint8Array, message: Uint8Array): string {
  const key = Buffer.alloc(BLOCK_BYTES)
  key.set(secret.length > BLOCK_BYTES ? sha256(secret) : secret)
  const padded = (byte: number): Uint8Array => key.map((value) => value ^ byte)
  return sha256(padded(0x5c), sha256(padded(0x36), message)).toString('hex')
}

const documented = (...parts: readonly string[]): string => {
  const message = parts.flatMap((part, index) => [...(index === 0 ? [] : [0]), ...bytes(part)])
  return hmac(bytes(SECRET), Uint8Array.from(message)).slice(0, 32)
}

test('the HMAC of these tests is that of RFC 4231, test cases 1, 2 and 6', () => {
  expect(hmac(Buffer.alloc(20, 0x0b), bytes('Hi There'))).toBe(
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  )
  expect(hmac(bytes('Jefe'), bytes('what do ya want for nothing?'))).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  )
  expect(hmac(Buffer.alloc(131, 0xaa), bytes('Test Using Larger Than Block-Size Key - Hash Key First'))).toBe(
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  )
})

test('a secret is the key of RFC 4231 test case 1, byte for byte', () => {
  expect(
    createHmac('sha256', secretKey(Buffer.alloc(20, 0x0b)))
      .update('Hi There')
      .digest('hex'),
  ).toBe('b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7')
})

describe('the pseudonym of a person', () => {
  test('is what the documented bytes give, of whatever ID', () => {
    const ids = fc.oneof(
      fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }).filter(isKey),
      fc.constantFrom('Zoë', 'bob@example.com', '4711', 'x'.repeat(256)),
    )
    fc.assert(
      fc.property(ids, (id) => {
        expect(hash.user(id)).toBe(documented('groundtrace.user', id))
      }),
    )
  })

  test('is the same under text and bytes of the secret, and another under another secret', () => {
    expect(keyedHash(bytes(SECRET)).user('bob')).toBe(hash.user('bob'))
    expect(keyedHash(`${SECRET}!`).user('bob')).not.toBe(hash.user('bob'))
  })

  test('has 32 lower-case hex digits, which any ledger keeps as a user', () => {
    expect(hash.user('bob')).toMatch(/^[0-9a-f]{32}$/)
  })

  test('is no hash of a feature, whatever the feature is called', () => {
    const names = ['user', 'bob', 'groundtrace.user']
    for (const name of names) expect(hash.feature(name, 'bob')).not.toBe(hash.user('bob'))
  })
})

describe('the hash of a feature', () => {
  test.each<[string, FeatureValue, string]>([
    ['a text', 'bob', '"bob"'],
    ['a text with quotes, control characters and emoji', 'a"\n\u007f😀é', '"a\\"\\n\u007f😀é"'],
    ['a whole number', 1, '1'],
    ['a fraction', 0.1, '0.1'],
    ['a large number', 1e21, '1e+21'],
    ['a small number', 1e-7, '1e-7'],
    ['minus zero', -0, '0'],
    ['a truth value', true, 'true'],
    ['a list of numbers', [1, 0.5], '[1,0.5]'],
    ['a list of texts', ['a', 'b'], '["a","b"]'],
    ['an empty list', [], '[]'],
  ])('is what the documented bytes give: %s', (_, value, json) => {
    expect(hash.feature('field', value)).toBe(documented('groundtrace.feature', 'field', json))
  })

  test('tells fields and types apart, and nothing else', () => {
    const all = [hash.feature('a', '1'), hash.feature('a', 1), hash.feature('b', 1), hash.feature('a', [1])]
    expect(new Set(all).size).toBe(all.length)
    expect(hash.feature('a', [1])).toBe(hash.feature('a', [1]))
  })
})

describe('what cannot be hashed is refused, and never repeated', () => {
  test.each<[string, () => unknown]>([
    ['no user', () => hash.user('')],
    ['a user of 257 characters', () => hash.user('secret-'.padEnd(257, 'x'))],
    ['a user with NUL', () => hash.user('secret\0')],
    ['a user that is a number', () => hash.user(5 as never)],
    ['a feature without a name', () => hash.feature('', 1)],
    ['a feature that is no number', () => hash.feature('a', Number.NaN)],
    ['a record', () => hash.feature('a', { secret: 1 } as never)],
    ['a short secret', () => keyedHash('secret')],
    ['no secret', () => keyedHash(undefined as never)],
  ])('%s', (_, make) => {
    expect(make).toThrow(refusal('invalid-argument'))
    expect(make).not.toThrow(/secret-|secret\0/)
  })
})

test('a secret that is changed afterwards is the one that was given', () => {
  const given = bytes(SECRET)
  const made = keyedHash(given)
  given.fill(0)
  expect(made.user('bob')).toBe(hash.user('bob'))
  expect(JSON.stringify(made)).toBe('{}')
})
