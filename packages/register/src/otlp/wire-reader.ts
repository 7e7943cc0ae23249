import { isUtf8 } from 'node:buffer'
import { GroundtraceError } from '@groundtrace/core'

/** How a field is written; protobuf's wire types. */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, startGroup: 3, endGroup: 4, fixed32: 5 } as const

/** A varint has at most so many bytes: 64 bits in groups of 7. */
const LONGEST_VARINT = 10
/** Groups are out of use since proto2; unknown ones are passed over, and no deeper than this. */
const DEEPEST_GROUP = 16
/** Longest text that is faster read byte by byte. */
const SHORT = 12
/** What a decoder puts where the text is not valid UTF-8. */
const REPLACEMENT = '\ufffd'

const MOST_SAFE = BigInt(Number.MAX_SAFE_INTEGER)

/** Bytes that are not what protobuf writes. */
function malformed(cause: string): GroundtraceError {
  return new GroundtraceError('invalid-event', cause, 'Send what an OTLP exporter encodes')
}

/**
 * Reads protobuf's wire format from bytes that nobody vouches for. Every read is checked against the end of the message it
 * is in, so that no length, however giant, leads out of it; nothing is allocated by what a length claims.
 * @throws GroundtraceError `invalid-event` from every read that meets something else
 */
export class WireReader {
  readonly #bytes: Buffer
  readonly #end: number
  #position: number

  private constructor(bytes: Buffer, start: number, end: number) {
    this.#bytes = bytes
    this.#position = start
    this.#end = end
  }

  static over(bytes: Uint8Array): WireReader {
    return new WireReader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.byteLength)
  }

  /** True until the end of the message. */
  get hasMore(): boolean {
    return this.#position < this.#end
  }

  /** Bytes left. */
  get length(): number {
    return this.#end - this.#position
  }

  /** The same message from here on, to be read a second time. */
  again(): WireReader {
    return new WireReader(this.#bytes, this.#position, this.#end)
  }

  /** Number and wire type of the next field: `number << 3 | type`. */
  tag(): number {
    const tag = this.#uint32()
    if (tag >>> 3 === 0) throw malformed('A field has number 0')
    return tag
  }

  /** A field that is a message. */
  message(): WireReader {
    const start = this.#claim(this.#uint32())
    return new WireReader(this.#bytes, start, this.#position)
  }

  bytes(): Uint8Array {
    const start = this.#claim(this.#uint32())
    return this.#bytes.subarray(start, this.#position)
  }

  string(): string {
    const start = this.#claim(this.#uint32())
    return this.#shortAscii(start) ?? this.#utf8(start)
  }

  bool(): boolean {
    return this.#varint() !== 0n
  }

  /** A whole number that a double holds exactly, else a `bigint`. */
  int64(): number | bigint {
    const first = this.#bytes[this.#position]
    if (first !== undefined && first < 0x80 && this.#position < this.#end) {
      this.#position += 1
      return first
    }
    const value = BigInt.asIntN(64, this.#varint())
    return value >= -MOST_SAFE && value <= MOST_SAFE ? Number(value) : value
  }

  double(): number {
    return this.#bytes.readDoubleLE(this.#claim(8))
  }

  fixed64(): bigint {
    return this.#bytes.readBigUInt64LE(this.#claim(8))
  }

  /** Passes over the field whose tag was just read. */
  skip(tag: number): void {
    const groups: number[] = []
    for (let next = tag; ; next = this.tag()) {
      const type = next & 7
      if (type === WIRE.varint) this.#varint()
      else if (type === WIRE.fixed64) this.#claim(8)
      else if (type === WIRE.bytes) this.#claim(this.#uint32())
      else if (type === WIRE.fixed32) this.#claim(4)
      else if (type === WIRE.startGroup) {
        if (groups.length === DEEPEST_GROUP) throw malformed(`Groups are nested deeper than ${DEEPEST_GROUP}`)
        groups.push(next >>> 3)
      } else if (type !== WIRE.endGroup || groups.pop() !== next >>> 3) {
        throw malformed(`A field has wire type ${type}, which nothing asked for`)
      }
      if (groups.length === 0) return
    }
  }

  #shortAscii(start: number): string | undefined {
    if (this.#position - start > SHORT) return undefined
    let text = ''
    for (let index = start; index < this.#position; index += 1) {
      const byte = this.#bytes[index] ?? 0
      if (byte >= 0x80) return undefined
      text += String.fromCharCode(byte)
    }
    return text
  }

  #utf8(start: number): string {
    const text = this.#bytes.toString('utf8', start, this.#position)
    if (!text.includes(REPLACEMENT) || isUtf8(this.#bytes.subarray(start, this.#position))) return text
    throw malformed('A text is not valid UTF-8')
  }

  /** Moves on by so many bytes. @returns where they start */
  #claim(length: number): number {
    const start = this.#position
    if (length > this.#end - start) throw malformed('A field is longer than the message it is in')
    this.#position = start + length
    return start
  }

  #uint32(): number {
    const first = this.#position < this.#end ? this.#bytes[this.#position] : undefined
    if (first !== undefined && first < 0x80) {
      this.#position += 1
      return first
    }
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#next()
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) {
        if (value > 0xffff_ffff) break
        return value
      }
    }
    throw malformed('A tag or a length has more than 32 bits')
  }

  #varint(): bigint {
    let value = 0n
    for (let index = 0; index < LONGEST_VARINT; index += 1) {
      const byte = this.#next()
      value |= BigInt(byte & 0x7f) << BigInt(7 * index)
      if (byte < 0x80) return BigInt.asUintN(64, value)
    }
    throw malformed(`A number has more than ${LONGEST_VARINT} bytes`)
  }

  #next(): number {
    const byte = this.#position < this.#end ? this.#bytes[this.#position] : undefined
    if (byte === undefined) throw malformed('A message ends in the middle of a field')
    this.#position += 1
    return byte
  }
}
