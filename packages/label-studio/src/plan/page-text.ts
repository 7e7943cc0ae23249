/** What XML can't hold, or a terminal or a page may obey: control characters, halves of pairs, and what is no character. */
const STRANGE = /[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u
const STRANGE_IN_LINES = /[^\P{Cc}\n\t]|[\p{Cs}\uFFFE\uFFFF]/u

/** True for a text of one line, not empty, that a page can show. */
export function isLine(text: string, most: number): boolean {
  return text.trim() !== '' && text.length <= most && !STRANGE.test(text)
}

/** True for a text of any number of lines, not empty, that a page can show. */
export function isLines(text: string, most: number): boolean {
  return text.trim() !== '' && text.length <= most && !STRANGE_IN_LINES.test(text)
}
