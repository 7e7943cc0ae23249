import { LabelStudioError } from './error.ts'
import type { Fetch } from './send.ts'

export interface ClientOptions {
  /** Where Label Studio is, such as `https://label.example.com`. */
  readonly url: string
  /**
   * A personal access token (the refresh token that the page of the account shows), or a legacy token where the organisation
   * allows them. Use an account of its own, with which nobody annotates.
   */
  readonly token: string
  /** Default: the runtime's. It gets requests that must not be sent twice. */
  readonly fetch?: Fetch
  /** How long one request may take, answer included. Default 60. */
  readonly timeoutSeconds?: number
  /** Milliseconds, for the age of access tokens. Default `Date.now`. */
  readonly now?: () => number
}

const DEFAULT_TIMEOUT_SECONDS = 60

/** More can't be waited for: a timer has 31 bits of milliseconds. */
const MOST_TIMEOUT_SECONDS = 24 * 3600

function invalid(cause: string, nextStep: string): LabelStudioError {
  return new LabelStudioError('invalid-argument', cause, nextStep)
}

function checkedUrl(url: unknown): string {
  const parsed = typeof url === 'string' ? URL.parse(url) : null
  if (parsed === null || !['http:', 'https:'].includes(parsed.protocol)) {
    throw invalid('The url of Label Studio is no address', 'Give one such as https://label.example.com')
  }
  if (`${parsed.username}${parsed.password}${parsed.search}${parsed.hash}` !== '') {
    throw invalid('The url of Label Studio has more than host and path', 'Give it without account, query and fragment')
  }
  return parsed.href.replace(/\/+$/, '')
}

function checkedToken(token: unknown): string {
  if (typeof token !== 'string' || !/^[\x21-\x7e]{8,}$/.test(token)) {
    throw invalid(
      'The token for Label Studio is no token',
      'Copy it from the page of the account in Label Studio, without blanks and without the word Token',
    )
  }
  return token
}

/**
 * The options with their defaults.
 * @throws LabelStudioError `invalid-argument`, without the value of the token
 */
export function checkedOptions(options: ClientOptions): Required<ClientOptions> {
  if (typeof options !== 'object' || options === null) {
    throw invalid('The client has no options', 'Give it the url and the token of Label Studio')
  }
  const { timeoutSeconds = DEFAULT_TIMEOUT_SECONDS, fetch = globalThis.fetch, now = Date.now } = options
  if (typeof timeoutSeconds !== 'number' || !(timeoutSeconds > 0 && timeoutSeconds <= MOST_TIMEOUT_SECONDS)) {
    throw invalid(
      `timeoutSeconds is ${String(timeoutSeconds)}`,
      `Give a number of seconds up to ${MOST_TIMEOUT_SECONDS}`,
    )
  }
  if (typeof fetch !== 'function' || typeof now !== 'function') {
    throw invalid('fetch or now is no function', 'Leave them out to use those of the runtime')
  }
  return { url: checkedUrl(options.url), token: checkedToken(options.token), fetch, timeoutSeconds, now }
}
