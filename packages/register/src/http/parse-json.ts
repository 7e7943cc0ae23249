import { Refusal, tooLarge } from './refusal.ts'

/** Lists and objects in one body; in memory each takes up to thirty times what it takes in the text. */
const MOST_CONTAINERS = 2_000_000

const QUOTE = 0x22
const BACKSLASH = 0x5c
/** `[` and `{`. */
const LIST = 0x5b
const OBJECT = 0x7b

/** Looks at JSON before it is parsed: a text of nothing but brackets would take half a gigabyte. @throws Refusal 413 */
function expectFewContainers(json: Uint8Array): void {
  let containers = 0
  let inString = false
  for (let index = 0; index < json.length; index += 1) {
    const byte = json[index]
    if (byte === QUOTE) inString = !inString
    else if (byte === BACKSLASH) index += 1
    else if ((byte === LIST || byte === OBJECT) && !inString) containers += 1
  }
  if (containers > MOST_CONTAINERS) {
    throw tooLarge(`The request holds more than ${MOST_CONTAINERS} lists and objects. Send fewer records at once.`)
  }
}

/** What a body in JSON says. @throws Refusal 400 for what is no JSON in UTF-8, 413 */
export function parseJson(body: Uint8Array): unknown {
  expectFewContainers(body)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch (error) {
    throw new Refusal(400, 'The body is no JSON in UTF-8. Send what its Content-Type promises.', { cause: error })
  }
}
