import { createHash, timingSafeEqual } from 'node:crypto'
import { invalidArgument, list } from '../arguments.ts'
import { Refusal } from './refusal.ts'
import type { HttpRequest } from './http-request.ts'

/** RFC 6750. A short token can be guessed. */
const TOKEN = /^[A-Za-z0-9\-._~+/]{16,512}=*$/
const CREDENTIALS = /^Bearer +(\S+)$/i

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest()

/** @throws GroundtraceError `invalid-argument` */
export function checkedTokens(tokens: readonly string[]): readonly string[] {
  for (const token of list(tokens, 'tokens')) {
    if (typeof token !== 'string' || !TOKEN.test(token)) {
      // The token itself is not shown: it may be right but for a slip.
      throw invalidArgument(
        'A bearer token has fewer than 16 characters, or one that no token has',
        'Make one with: openssl rand -hex 32',
      )
    }
  }
  return tokens
}

/**
 * What lets in requests that carry one of the tokens. It takes as long for a token that is nearly right as for any other:
 * digests are compared, all of them, in constant time.
 * @param tokens none: everybody is let in
 */
export function bearerGate(tokens: readonly string[]): (request: HttpRequest) => void {
  const known = tokens.map(digestOf)
  return (request) => {
    if (known.length === 0) return
    const given = digestOf(CREDENTIALS.exec(request.headers.get('authorization') ?? '')?.[1] ?? '')
    const matches = known.filter((digest) => timingSafeEqual(digest, given))
    if (matches.length > 0) return
    throw new Refusal(401, 'No known token came with the request. Send one as Authorization: Bearer TOKEN.', {
      headers: { 'www-authenticate': 'Bearer' },
    })
  }
}
