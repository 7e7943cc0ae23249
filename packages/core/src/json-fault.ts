import { quote } from './quote.ts'

const TOKEN = /^Unexpected token '(.+)', (?:\.\.\.)?"(.*)"(?:\.\.\.)? is not valid JSON$/s

/**
 * What is wrong with a text that `JSON.parse` refused, and where, safe to stand in a message: `JSON.parse` itself repeats the
 * text as it is.
 * @param error what `JSON.parse` threw
 */
export function jsonFault(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  if (message === 'Unexpected end of JSON input') return 'it ends too soon'
  const [, token, near] = TOKEN.exec(message) ?? []
  return token === undefined ? message.replace(' in JSON', '') : `unexpected ${quote(token)} near ${quote(near)}`
}
