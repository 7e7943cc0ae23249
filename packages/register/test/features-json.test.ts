import type { Features } from '@groundtrace/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packFeatures, unpackFeatures, type PackedFeatures } from '../src/features-json.ts'

const throughJson = (features: Features): Features =>
  unpackFeatures(JSON.parse(JSON.stringify(packFeatures(features))) as PackedFeatures)

const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value))
const feature = fc.oneof(
  fc.string(),
  number,
  fc.boolean(),
  fc.array(number, { maxLength: 40 }),
  fc.array(fc.integer(), { maxLength: 40 }),
  fc.array(fc.string(), { maxLength: 40 }),
  fc.array(fc.boolean(), { maxLength: 40 }),
)

describe('features as JSON', () => {
  it('come back to the last bit, whatever they are', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), feature), (features) => {
        const own = Object.fromEntries(Object.entries(features).filter(([name]) => name !== '__proto__'))
        expect(throughJson(own)).toEqual(own)
      }),
    )
  })

  it('hold long lists of fractions as little-endian doubles in Base64', () => {
    const list = [1, 0.5, ...Array.from({ length: 14 }, () => 0)]
    // IEEE 754: 1 is 3FF0000000000000, 0.5 is 3FE0000000000000, 0 is all zeros.
    const bytes = `000000000000f03f000000000000e03f${'0'.repeat(14 * 16)}`
    expect(packFeatures({ list })).toEqual({ list: { float64: Buffer.from(bytes, 'hex').toString('base64') } })
  })

  it('leave whole numbers, short lists and very long ones as they are', () => {
    const features = {
      whole: Array.from({ length: 100 }, (_, index) => index),
      short: [0.1, 0.2],
      long: Array.from({ length: 10_000 }, () => 0.5),
    }
    expect(packFeatures(features)).toBe(features)
    expect(throughJson(features)).toEqual(features)
  })
})
