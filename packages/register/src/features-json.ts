import { endianness } from 'node:os'
import type { Features, FeatureValue } from '@groundtrace/core'

/** A list of numbers as its bytes: IEEE 754 doubles, little endian, in Base64. No feature is a record, so this one is ours. */
interface Packed {
  readonly float64: string
}

/** Features as JSON keeps them. */
export type PackedFeatures = Readonly<Record<string, FeatureValue | Packed>>

const BYTES = 8
/** Shorter lists are not worth it. */
const LEAST = 16
const MOST = 8192

const LITTLE_ENDIAN = endianness() === 'LE'
const scratch = new Float64Array(MOST)
const scratchBytes = Buffer.from(scratch.buffer)

/** Decimal digits of doubles are ten times as slow to write and twice as long; whole numbers are shorter as they are. */
function worthPacking(value: FeatureValue): value is readonly number[] {
  if (!Array.isArray(value) || value.length < LEAST || value.length > MOST) return false
  return typeof value[0] === 'number' && value.some((number) => !Number.isInteger(number))
}

function packed(numbers: readonly number[]): Packed {
  scratch.set(numbers)
  return { float64: scratchBytes.toString('base64', 0, numbers.length * BYTES) }
}

function unpacked({ float64 }: Packed): readonly number[] {
  const bytes = Buffer.from(float64, 'base64')
  return Array.from({ length: bytes.length / BYTES }, (_, index) => bytes.readDoubleLE(index * BYTES))
}

/** Features with their long lists of numbers packed. */
export function packFeatures(features: Features): PackedFeatures {
  if (!LITTLE_ENDIAN) return features
  const entries = Object.entries(features)
  if (!entries.some(([, value]) => worthPacking(value))) return features
  return Object.fromEntries(entries.map(([name, value]) => [name, worthPacking(value) ? packed(value) : value]))
}

const isPacked = (value: FeatureValue | Packed): value is Packed => typeof value === 'object' && !Array.isArray(value)

/** The inverse of {@link packFeatures}. */
export function unpackFeatures(features: PackedFeatures): Features {
  return Object.fromEntries(
    Object.entries(features).map(([name, value]) => [name, isPacked(value) ? unpacked(value) : value]),
  )
}
