/** What JSON leaves raw and a terminal or an editor may obey: C1 controls, and characters that reverse the direction of text. */
const OBEYED = /[\u007F-\u009F\p{Cf}]/gu

const escaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('')

/** A value as indented JSON that is safe to look at. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replaceAll(OBEYED, escaped)
}

/** A value as one line of JSON that is safe to look at, with its line end. */
export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value).replaceAll(OBEYED, escaped)}\n`
}
