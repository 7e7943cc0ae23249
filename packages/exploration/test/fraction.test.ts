import { createSecretKey } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { hmacFraction } from '../src/fraction.ts'

const repeated = (byte: number, times: number): Uint8Array => new Uint8Array(times).fill(byte)
const text = (ascii: string): Uint8Array => new TextEncoder().encode(ascii)

/** Test cases 1 to 4, 6 and 7 of RFC 4231, section 4: key, data, and the first 16 hex digits of HMAC-SHA-256. */
const RFC_4231: readonly (readonly [testCase: number, key: Uint8Array, data: Uint8Array, digest: string])[] = [
  [1, repeated(0x0b, 20), text('Hi There'), 'b0344c61d8db3853'],
  [2, text('Jefe'), text('what do ya want for nothing?'), '5bdcc146bf60754e'],
  [3, repeated(0xaa, 20), repeated(0xdd, 50), '773ea91e36800e46'],
  [4, Uint8Array.from({ length: 25 }, (_, n) => n + 1), repeated(0xcd, 50), '82558a389a443c0e'],
  [6, repeated(0xaa, 131), text('Test Using Larger Than Block-Size Key - Hash Key First'), '60e431591ee0b67f'],
  [
    7,
    repeated(0xaa, 131),
    text(
      'This is a test using a larger than block-size key and a larger than block-size data. ' +
        'The key needs to be hashed before being used by the HMAC algorithm.',
    ),
    '9b09ffa71b942fcb',
  ],
]

describe('the fraction is the first 53 bits of HMAC-SHA-256', () => {
  test.each(RFC_4231)('in test case %d of RFC 4231', (_, key, data, digest) => {
    const first53Bits = BigInt(`0x${digest}`) >> 11n
    expect(hmacFraction(createSecretKey(key), data)).toBe(Number(first53Bits) / 2 ** 53)
  })
})
