import type { Refusal } from '../http/refusal.ts'
import { CONTENT_TYPES, type Encoding } from './encoding.ts'
import { WIRE } from './wire-reader.ts'

/** What a request was refused for in part. */
export interface PartialSuccess {
  readonly rejected: number
  readonly message: string
}

/** Codes of google.rpc.Code for the statuses that are given. OTLP does not use them; people may. */
const CODES: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  405: 12,
  413: 8,
  415: 3,
  429: 14,
  500: 13,
  503: 14,
}
const UNKNOWN = 2

const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest'

function varint(value: number): Buffer {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest < 128 ? rest : (rest % 128) + 128)
    if (rest < 128) return Buffer.from(bytes)
  }
}

const numberField = (field: number, value: number): Buffer =>
  Buffer.concat([varint((field << 3) | WIRE.varint), varint(value)])

function bytesField(field: number, value: string | Buffer): Buffer {
  const bytes = Buffer.from(value as string)
  return Buffer.concat([varint((field << 3) | WIRE.bytes), varint(bytes.length), bytes])
}

function respond(encoding: Encoding, status: number, protobuf: Buffer, json: unknown, headers = {}): Response {
  return new Response(encoding === 'protobuf' ? new Uint8Array(protobuf) : JSON.stringify(json), {
    status,
    headers: { ...headers, 'content-type': CONTENT_TYPES[encoding] },
  })
}

/** An ExportLogsServiceResponse. `partial_success` is set only where something was rejected, as OTLP demands. */
export function accepted(encoding: Encoding, { rejected, message }: PartialSuccess): Response {
  if (rejected === 0) return respond(encoding, 200, Buffer.alloc(0), {})
  const partial = Buffer.concat([numberField(1, rejected), bytesField(2, message)])
  // By protobuf's JSON mapping 64-bit numbers are texts.
  const partialSuccess = { rejectedLogRecords: String(rejected), errorMessage: message }
  return respond(encoding, 200, bytesField(1, partial), { partialSuccess })
}

/** A google.rpc.Status, with google.rpc.BadRequest as detail where the data was bad. */
export function refused(encoding: Encoding, { status, message, headers }: Refusal): Response {
  const code = CODES[status] ?? UNKNOWN
  const head = [numberField(1, code), bytesField(2, message)]
  if (status !== 400) return respond(encoding, status, Buffer.concat(head), { code, message }, headers)
  const violation = { field: 'body', description: message }
  const badRequest = bytesField(1, Buffer.concat([bytesField(1, violation.field), bytesField(2, message)]))
  const detail = Buffer.concat([bytesField(1, BAD_REQUEST), bytesField(2, badRequest)])
  const details = [{ '@type': BAD_REQUEST, fieldViolations: [violation] }]
  return respond(encoding, status, Buffer.concat([...head, bytesField(3, detail)]), { code, message, details }, headers)
}
