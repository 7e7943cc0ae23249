import { expect, test } from 'vitest'
import { createIdSource, type FillRandom } from '../src/random-ids.ts'

test('a hundred thousand span IDs are hex of the right length, and all different', () => {
  // By the birthday bound two of 10^5 64-bit IDs coincide with probability 10^10 / 2^65 < 3e-10.
  const ids = createIdSource()
  const seen = new Set<string>()
  for (let index = 0; index < 100_000; index++) seen.add(ids.spanId())
  expect(seen.size).toBe(100_000)
  expect([...seen].every((id) => /^[0-9a-f]{16}$/.test(id))).toBe(true)
  expect(ids.traceId()).toMatch(/^[0-9a-f]{32}$/)
})

test('IDs are the bytes that the given generator fills in, in order', () => {
  let next = 0
  const ids = createIdSource((bytes) => bytes.forEach((_, index) => (bytes[index] = next++ % 256)))
  expect(ids.traceId()).toBe('000102030405060708090a0b0c0d0e0f')
  expect(ids.spanId()).toBe('1011121314151617')
})

test.each<[string, FillRandom]>([
  ['fills in zeros only', (bytes) => bytes.fill(0)],
  ['fills in nothing', () => undefined],
  ['fills in the first bytes only', (bytes) => bytes.fill(7, 0, 8)],
])('a generator that %s is replaced by the one of Node', (_, random) => {
  const ids = createIdSource(random)
  const seen = Array.from({ length: 2000 }, () => ids.spanId())
  expect(new Set(seen).size).toBe(seen.length)
})

test('a generator that throws is replaced by the one of Node', () => {
  const ids = createIdSource(() => {
    throw new Error('no entropy')
  })
  const seen = new Set(Array.from({ length: 1000 }, () => ids.spanId()))
  expect(seen.size).toBe(1000)
})
