import { createHash } from 'node:crypto'

/** What annotators are told to do, and which telling of it this is. */
export interface Guidelines {
  /** Markdown. */
  readonly text: string
  /** 12 hex digits of the SHA-256 of the text. */
  readonly version: string
}

/** Longest guidelines, in UTF-16 units: they are a part of every page. */
export const MOST_GUIDELINES = 32_768

const VERSION_DIGITS = 12

/** Tags that Markdown has no signs for, or that are habit. None of them takes attributes. */
const TAGS = 'b|br|code|del|em|hr|i|kbd|li|ol|p|pre|s|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul'
const ALLOWED = new RegExp(String.raw`^</?(?:${TAGS})\s*/?>`, 'i')
const LINK = /^<(?:https?:\/\/|mailto:)[^\s<>"']+>/
/** Where Markdown sees HTML begin. */
const OPENING = /<[a-z/!?]/gi

/** The same text, wherever it was written: line ends as `\n`, none at the end. */
export function guidelinesOf(given: string): Guidelines {
  const text = given.replaceAll(/\r\n?/g, '\n').trimEnd()
  return { text, version: createHash('sha256').update(text).digest('hex').slice(0, VERSION_DIGITS) }
}

/**
 * The first thing in guidelines that is HTML beyond plain tags. Label Studio shows HTML in Markdown as it is, and a page
 * breaks on a handler like `onclick`.
 */
export function strangeHtml(text: string): string | undefined {
  for (const { index } of text.matchAll(OPENING)) {
    const rest = text.slice(index)
    if (!ALLOWED.test(rest) && !LINK.test(rest)) return /^[^\n>]{1,40}>?/.exec(rest)?.[0]
  }
  return undefined
}
