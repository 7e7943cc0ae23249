import createClient, { type Client } from 'openapi-fetch'
import { setTimeout } from 'node:timers/promises'
import type { paths } from '../generated/openapi.ts'
import { answers, type Answers } from './answer.ts'
import { authorized, legacyAuthorization, personalAuthorization } from './authorization.ts'
import type { ClientOptions } from './client-options.ts'
import { readFields, readText } from './read.ts'
import { retrying } from './retry.ts'
import { boundedSend } from './send.ts'

/** What the operations are made of. */
export interface Connection extends Answers {
  readonly api: Client<paths>
  /** The server's address, without a slash at its end. */
  readonly url: string
}

/** A JSON Web Token, as personal tokens are. */
const PERSONAL = /^[\w-]+\.[\w-]+\.[\w-]+$/

/** The same within a text: access tokens, too, that the server makes. */
const JSON_WEB_TOKEN = /\beyJ[\w-]+\.[\w-]+\.[\w-]+/g

const pause = async (milliseconds: number): Promise<void> => setTimeout(milliseconds)

const isRead = ({ method }: Request): boolean => method === 'GET'

/** Connects requests with what makes them safe to send: time and size limits, the token, a second try for reads. */
export function connect({ url, token, fetch, timeoutSeconds, now }: Required<ClientOptions>): Connection {
  const send = boundedSend(fetch, timeoutSeconds)
  const { required, found } = answers((text) => text.replaceAll(token, '[token]').replaceAll(JSON_WEB_TOKEN, '[token]'))

  const tokens = createClient<paths>({ baseUrl: url, fetch: retrying(send, () => true, pause) })
  async function refresh(): Promise<string> {
    const call = tokens.POST('/api/token/refresh/', { body: { refresh: token } })
    const answer = readFields(await required('request for an access token', call), 'the access token')
    return readText(answer['access'], 'the access token')
  }

  const authorization = PERSONAL.test(token) ? personalAuthorization(refresh, now) : legacyAuthorization(token)
  const api = createClient<paths>({ baseUrl: url, fetch: authorized(retrying(send, isRead, pause), authorization) })
  return { api, url, required, found }
}
