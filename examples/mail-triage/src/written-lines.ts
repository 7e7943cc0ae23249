/** A longer line is text, unless it is quoted. */
const JUDGED_CHARACTERS = 200
/** A signature or a list footer is the end of a mail. Where more follows, it only hides its own paragraph. */
const LONGEST_TAIL_LINES = 20
const LONGEST_CLOSING_LINES = 6

const QUOTED = /^(?:[>|]|[)}:%]\s|[A-Za-z]{1,4}>)/
const ADDRESS_FIELD = /^\*?(?:from|to|cc|bcc|sent|sender|reply-to)\*?\s{0,3}:/i
const ATTRIBUTION = /\b(?:wrote|writes|said|says|schrieb|écrit)\s?(?:\.\.\.)?:$/i
const ATTRIBUTION_START = /^(?:on|at|in|le|am)\s/i
const SIGNATURE = /^--\s?$/
const RULE = /^[-_=*#~]{10,}/
const LIST_FOOTER = /mailing list|listinfo|list maintainer|sponsored by|yahoo! groups|unsubscribe.{0,40}@/i
const ORIGINAL_MESSAGE = /^-{2,}\s?original message/i
const CLOSING =
  /^(?:(?:best|kind|warm|warmest|many)\s)?(?:regards|wishes|cheers|thanks|thank you|thanks in advance|sincerely|yours|yours truly|yours sincerely|sincerely yours|love|ciao|best|slán)(?:\s(?:again|and regards))?\s?[,.!-]{0,3}$/i

/**
 * The lines that a mail's writer wrote and that say something: without quoted lines and the lines that introduce them,
 * address fields, signatures, names under a closing, and the footers of mailing lists.
 *
 * What only looks like one must not hide a mail from the filter: a mark hides what follows to the end only when little
 * follows, else up to the next blank line.
 */
export function writtenLines(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/)
  const written: string[] = []
  let hasWords = false
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? ''
    if (isQuoted(line)) continue
    const head = line.length > JUDGED_CHARACTERS ? '' : line.trim()
    if (head === '') {
      written.push(line)
      hasWords ||= line.length > JUDGED_CHARACTERS
      continue
    }
    if (ADDRESS_FIELD.test(head)) continue
    if (ATTRIBUTION.test(head) || (head.endsWith(':') && isQuoted(nextWords(lines, index)))) {
      if (!ATTRIBUTION_START.test(head)) dropWrappedStart(written)
      continue
    }
    if (SIGNATURE.test(head) || (RULE.test(head) && isListFooter(lines, index))) {
      index = endOfTail(lines, index)
      continue
    }
    if (ORIGINAL_MESSAGE.test(head)) {
      if (hasWords) break
      continue
    }
    written.push(line)
    hasWords = true
    if (CLOSING.test(head)) index = endOfClosing(lines, index)
  }
  return written
}

/** "On Monday, somebody with a long name" stands on one line and "wrote:" on the next. */
function dropWrappedStart(written: string[]): void {
  const last = written.at(-1)
  if (last !== undefined && last.length <= JUDGED_CHARACTERS && ATTRIBUTION_START.test(last.trim())) written.pop()
}

function isQuoted(line: string | undefined): boolean {
  return line !== undefined && QUOTED.test(line.trimStart().slice(0, 6))
}

/** The next line with words, or the one after it: blank lines cost more than they tell. */
function nextWords(lines: readonly string[], index: number): string | undefined {
  return lines[index + 1]?.trim() === '' ? lines[index + 2] : lines[index + 1]
}

function isListFooter(lines: readonly string[], index: number): boolean {
  return lines.slice(index, index + 5).some((line) => LIST_FOOTER.test(line.slice(0, JUDGED_CHARACTERS)))
}

function endOfTail(lines: readonly string[], index: number): number {
  if (lines.length - index <= LONGEST_TAIL_LINES) return lines.length
  return endOfParagraph(lines, index)
}

function endOfParagraph(lines: readonly string[], index: number): number {
  let end = index
  while (end < lines.length && lines[end]?.trim() !== '') end += 1
  return end
}

/** Skips the few short lines under a closing: a name, a role, a company. */
function endOfClosing(lines: readonly string[], index: number): number {
  let end = index
  while (lines[end + 1]?.trim() === '') end += 1
  const last = index + LONGEST_CLOSING_LINES
  while (end < last && isShort(lines[end + 1])) end += 1
  return end
}

function isShort(line: string | undefined): boolean {
  return line !== undefined && line.length <= 50 && line.trim() !== '' && line.trim().split(/\s+/).length <= 6
}
