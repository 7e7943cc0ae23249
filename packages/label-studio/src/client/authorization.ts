import type { Fetch } from './send.ts'

/** What stands in the header `Authorization`. */
export interface Authorization {
  header(): Promise<string>
  /** A header in place of one that the server does not take any more; undefined where there is no other. */
  renewed(stale: string): Promise<string> | undefined
}

/** A token that the server made once and takes until it is reset. */
export function legacyAuthorization(token: string): Authorization {
  return { header: async () => `Token ${token}`, renewed: () => undefined }
}

/** Of its life a token is used this share: the rest is for requests under way and for clocks. */
const USED_SHARE = 0.8

/** How long Label Studio's access tokens live, for one that does not say so. */
const DEFAULT_LIFE_SECONDS = 300

/** How long a JSON Web Token lives by its own words: from when it was issued, so that no two clocks are compared. */
function lifeSeconds(token: string): number {
  try {
    const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')
    const { exp, iat } = JSON.parse(payload) as { readonly exp?: unknown; readonly iat?: unknown }
    const life = Number(exp) - Number(iat)
    return life > 0 ? life : DEFAULT_LIFE_SECONDS
  } catch {
    return DEFAULT_LIFE_SECONDS
  }
}

/**
 * A personal token, which is good for nothing but for asking for access tokens, which live for some minutes. They are renewed
 * ahead of their end, one request at a time however many wait for it.
 * @param refresh asks the server for an access token
 * @param now milliseconds
 */
export function personalAuthorization(refresh: () => Promise<string>, now: () => number): Authorization {
  let current: { readonly header: string; readonly until: number } | undefined
  let renewing: Promise<string> | undefined

  async function renew(): Promise<string> {
    const asked = now()
    const access = await refresh()
    const header = `Bearer ${access}`
    current = { header, until: asked + lifeSeconds(access) * USED_SHARE * 1000 }
    return header
  }

  async function header(): Promise<string> {
    if (current !== undefined && now() < current.until) return current.header
    renewing ??= renew().finally(() => (renewing = undefined))
    return renewing
  }

  return {
    header,
    renewed(stale) {
      // Perhaps somebody else who was refused has renewed it already.
      if (current?.header === stale) current = undefined
      return header()
    },
  }
}

/**
 * Sends requests with the header, and once more with a new one when the server does not take the old one: it has then not
 * looked at the request, so that holds for writes as well.
 */
export function authorized(send: Fetch, authorization: Authorization): Fetch {
  const sendWith = (request: Request, header: string): Promise<Response> => {
    const headers = new Headers(request.headers)
    headers.set('authorization', header)
    return send(new Request(request.clone(), { headers }))
  }
  return async (request) => {
    const header = await authorization.header()
    const response = await sendWith(request, header)
    const renewed = response.status === 401 ? authorization.renewed(header) : undefined
    return renewed === undefined ? response : sendWith(request, await renewed)
  }
}
