import { createHash, timingSafeEqual } from 'node:crypto'
import { invalidArgument, list } from '../arguments.ts'
import { Refusal } from './refusal.ts'
import type { HttpRequest } from './http-request.ts'

/** RFC 6750. A short token can be guessed. */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/
const CREDENTIALS = /^Bearer +(\S+)$/i

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest()

/** What is wrong with a bearer token, without the token: it may be right but for a slip. Undefined: nothing is. */
export function tokenFault(token: unknown): string | undefined {
  if (typeof token !== 'string') return 'is no text'
  if (token.length < 16 || token.length > 512) return `has ${token.length} characters, and not 16 to 512`
  return TOKEN.test(token) ? undefined : 'has a character beside letters, digits and -._~+/, with = at its end'
}

/** @throws GroundtraceError `invalid-argument` */
export function checkedTokens(tokens: readonly string[]): readonly string[] {
  for (const [index, token] of list(tokens, 'tokens').entries()) {
    const fault = tokenFault(token)
    if (fault !== undefined) throw invalidArgument(`tokens[${index}] ${fault}`, 'Make one with: openssl rand -hex 32')
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
