import { Refusal } from '../http/refusal.ts'
import type { HttpRequest } from '../http/http-request.ts'

/** How OTLP/HTTP is encoded; an answer is always in the encoding of the request. */
export type Encoding = 'protobuf' | 'json'

export const CONTENT_TYPES: Readonly<Record<Encoding, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
}

/** The encoding that the request names, or undefined. */
export function encodingOf(request: HttpRequest): Encoding | undefined {
  const type = (request.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase()
  return (['protobuf', 'json'] as const).find((encoding) => CONTENT_TYPES[encoding] === type)
}

/** @throws Refusal 415 */
export function expectEncoding(encoding: Encoding | undefined): Encoding {
  if (encoding !== undefined) return encoding
  throw new Refusal(
    415,
    `The body is of a type that OTLP does not have. Use ${Object.values(CONTENT_TYPES).join(' or ')}.`,
  )
}
