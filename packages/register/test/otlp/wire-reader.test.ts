import { describe, expect, test } from 'vitest'
import { WireReader } from '../../src/otlp/wire-reader.ts'
import { refusal } from '../../../core/test/refusal.ts'

const over = (...bytes: readonly number[]): WireReader => WireReader.over(Uint8Array.from(bytes))
const ones = (count: number): number[] => Array.from({ length: count }, () => 0xff)

describe('whole numbers', () => {
  // The encodings are those of protobuf's own guide, https://protobuf.dev/programming-guides/encoding, and two's complement.
  test.each([
    ['0', [0x00], 0],
    ['150', [0x96, 0x01], 150],
    ['-2', [0xfe, ...ones(8), 0x01], -2],
    ['the greatest that a double holds', [...ones(7), 0x0f], 2 ** 53 - 1],
    ['the least that a double holds', [0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0xf0, 0xff, 0x01], 1 - 2 ** 53],
    ['one more than a double holds', [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10], 2n ** 53n],
    ['the greatest of 64 bits', [...ones(8), 0x7f], 2n ** 63n - 1n],
    ['the least of 64 bits', [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01], -(2n ** 63n)],
  ])('%s', (_, bytes, value) => {
    const reader = over(...bytes)
    expect(reader.int64()).toBe(value)
    expect(reader.hasMore).toBe(false)
  })

  test('64 fixed bits, little endian', () => {
    expect(over(1, 0, 0, 0, 0, 0, 0, 0x80).fixed64()).toBe(2n ** 63n + 1n)
  })
})

describe('texts', () => {
  test.each([
    ['short ASCII', 'ham'],
    ['long ASCII', 'groundtrace.prediction.value'],
    ['several bytes a character', 'Grüße, 世界, 🌍'],
    ['the replacement character itself', '\ufffd'],
    ['nothing', ''],
  ])('%s', (_, text) => {
    const bytes = new TextEncoder().encode(text)
    expect(over(bytes.length, ...bytes).string()).toBe(text)
  })

  test.each([
    ['a stray byte', [0xff]],
    ['half of a character', [0xc3]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['an overlong zero', [0xc0, 0x80]],
  ])('refuses %s', (_, bytes) => {
    expect(() => over(bytes.length, ...bytes).string()).toThrow(refusal('invalid-event', /UTF-8/))
  })
})

describe('refuses what leads out of the message', () => {
  test.each<[string, readonly number[], (reader: WireReader) => unknown]>([
    ['a text', [3, 0x61, 0x62], (reader) => reader.string()],
    ['a message of 4 GiB', [0xff, 0xff, 0xff, 0xff, 0x0f, 0x00], (reader) => reader.message()],
    ['bytes', [2, 0], (reader) => reader.bytes()],
    ['a double', [0, 0, 0], (reader) => reader.double()],
    ['64 fixed bits', [0, 0, 0, 0, 0, 0, 0], (reader) => reader.fixed64()],
    ['a number', [0x80], (reader) => reader.int64()],
    ['a tag', [0x80], (reader) => reader.tag()],
    ['nothing at all', [], (reader) => reader.tag()],
    ['an inner text that is longer than the inner message', [2, 9, 0x61, 0x62, 0x63], (r) => r.message().string()],
    ['an unknown field', [4, 0x61], (reader) => reader.skip((15 << 3) | 2)],
    ['an unknown fixed field', [4], (reader) => reader.skip((15 << 3) | 5)],
  ])('%s', (_, bytes, read) => {
    expect(() => read(over(...bytes))).toThrow(refusal('invalid-event'))
  })

  test.each<[string, readonly number[], (reader: WireReader) => unknown]>([
    ['a number of 11 bytes', [...ones(10), 0x01], (reader) => reader.int64()],
    ['a length of more than 32 bits', [...ones(4), 0x1f], (reader) => reader.bytes()],
    ['a tag of more than 5 bytes', ones(6), (reader) => reader.tag()],
    ['field number 0', [0x02], (reader) => reader.tag()],
    ['wire type 6', [], (reader) => reader.skip((1 << 3) | 6)],
    ['the end of a group that never began', [], (reader) => reader.skip((1 << 3) | 4)],
    ['a group that another ends', [0x2c], (reader) => reader.skip((4 << 3) | 3)],
    ['a group without end', [0x08, 0x01], (reader) => reader.skip((4 << 3) | 3)],
    ['groups in groups without end', Array.from({ length: 100_000 }, () => 0x23), (r) => r.skip((4 << 3) | 3)],
  ])('and %s', (_, bytes, read) => {
    expect(() => read(over(...bytes))).toThrow(refusal('invalid-event'))
  })
})

test('passes over fields of every type, groups in groups included', () => {
  // Field 4: group { field 1: varint 300, field 5: group { field 2: "ab" }, field 3: fixed32, field 6: fixed64 }, then 7.
  const group = [
    0x08, 0xac, 0x02, 0x2b, 0x12, 0x02, 0x61, 0x62, 0x2c, 0x1d, 1, 2, 3, 4, 0x31, 1, 2, 3, 4, 5, 6, 7, 8, 0x24,
  ]
  const reader = over(0x23, ...group, 0x07)
  reader.skip(reader.tag())
  expect(reader.int64()).toBe(7)
  expect(reader.hasMore).toBe(false)
})
