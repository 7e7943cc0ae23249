/** Joins two characters, and is seen by nobody. */
const WORD_JOINER = '\u2060'

/**
 * A text as it is to be read. In the config's attributes `$name` would be replaced by what a task has under that name, and
 * there is no way to escape it: a character that is not seen keeps the sign from its word.
 */
export function literal(text: string): string {
  return text.replaceAll(/\$(?=[\w[\].{}])/g, `$${WORD_JOINER}`)
}
