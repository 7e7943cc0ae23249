import { jsonFault } from '@groundtrace/core'
import { Refusal, tooLarge } from './refusal.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
/** `[` and `{`, and the `:` of a member. */
const LIST = 0x5b
const OBJECT = 0x7b
const MEMBER = 0x3a

/** Looks at JSON before it is parsed: a text of nothing but brackets would take half a gigabyte. @throws Refusal 413 */
function expectFewParts(json: Uint8Array, most: number): void {
  let parts = 0
  let inString = false
  for (let index = 0; index < json.length; index += 1) {
    const byte = json[index]
    if (byte === QUOTE) inString = !inString
    else if (byte === BACKSLASH) index += 1
    else if ((byte === LIST || byte === OBJECT || byte === MEMBER) && !inString) parts += 1
  }
  if (parts > most) {
    throw tooLarge(
      `The request holds more than ${most} lists, objects and members of objects. Send fewer lines at once.`,
    )
  }
}

function decoded(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch (error) {
    throw new Refusal(400, 'The body is no text in UTF-8. Send JSON in UTF-8.', { cause: error })
  }
}

/**
 * What a body in JSON says.
 * @param mostParts lists, objects and members of objects that it may hold: in memory each takes up to thirty times what it
 * takes in the text
 * @throws Refusal 400 for what is no JSON in UTF-8, 413
 */
export function parseJson(body: Uint8Array, mostParts: number): unknown {
  expectFewParts(body, mostParts)
  const text = decoded(body)
  if (text.trim() === '') throw new Refusal(400, 'The body is empty. Send JSON, as its Content-Type promises.')
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Refusal(400, `The body is no JSON (${jsonFault(error)}). Send what its Content-Type promises.`, {
      cause: error,
    })
  }
}
