import type { MailText } from './mail-text.ts'
import { kindOf, MailTriageError } from './mail-triage-error.ts'
import { MASK, maskWords } from './masked-words.ts'
import { writtenLines } from './written-lines.ts'

declare const isMasked: unique symbol

/** A mail that may be kept and shown. Only `maskMail` makes one. */
export interface MaskedMail {
  readonly subject: string
  readonly body: string
  readonly [isMasked]: true
}

export interface MaskOptions {
  /** Words to mask in any case, in lower case themselves. None by default. */
  readonly names?: ReadonlySet<string> | undefined
}

/** What follows in a longer mail is not read, so that work per mail has a bound. Nine of ten mails are shorter. */
export const LONGEST_READ_CHARACTERS = 16_384

const NO_NAMES: ReadonlySet<string> = new Set()
const LONGEST_NAME_LINE_WORDS = 3

/**
 * Drops quotes and signatures and replaces addresses, URLs, numbers and names by tokens such as `‹name›`. Reads the first
 * 16,384 characters. Takes time in proportion to them, whatever they are.
 *
 * The result has no address and no URL in their usual form, no digit and none of the given names. It may still have an
 * address that is spelt out (`bob at example dot com`) or a host of an unusual domain, and name a stranger at the start of
 * a sentence or a place in lower case.
 *
 * @throws MailTriageError `invalid-argument`
 */
export function maskText(text: string, options: MaskOptions = {}): string {
  const lines = writtenLines(readable(text, 'text'))
  maskNameLine(lines)
  return maskWords(lines, options.names ?? NO_NAMES)
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** @throws MailTriageError `invalid-argument` */
export function maskMail(mail: MailText): MaskedMail {
  if (typeof mail !== 'object' || mail === null || !(mail.names instanceof Set)) {
    throw new MailTriageError(
      'invalid-argument',
      `A mail to mask is not ${kindOf(mail)}`,
      'Pass what parseMail returned',
    )
  }
  const subject = maskWords([readable(mail.subject, 'subject').replace(/\s+/g, ' ')], mail.names)
  return { subject, body: maskText(mail.body, mail) } as MaskedMail
}

/** Characters read for each one of an excerpt: runs of white space become one. */
const EXCERPT_READ = 1.5

/**
 * The beginning of a masked mail on one line, subject first. Cut between words, with `…` where something is left out.
 *
 * @param maxLength in characters, at least 1
 * @throws MailTriageError `invalid-argument`
 */
export function maskedExcerpt(mail: MaskedMail, maxLength: number): string {
  if (!Number.isInteger(maxLength) || maxLength < 1) {
    throw new MailTriageError(
      'invalid-argument',
      `maxLength is ${kindOf(maxLength)}`,
      'Pass a whole number of at least 1',
    )
  }
  // An excerpt costs no more than its length: what is far behind its end is not read.
  const reach = Math.ceil(maxLength * EXCERPT_READ)
  const whole =
    mail.subject === '' || mail.body === ''
      ? mail.subject + mail.body
      : `${mail.subject} – ${mail.body.slice(0, reach)}`
  const line = whole.slice(0, reach).replace(/\s+/g, ' ').trim()
  const isRead = whole.length <= reach && mail.body.length <= reach
  if (line.length <= maxLength && isRead) return line
  const cut = line.slice(0, maxLength)
  const space = cut.lastIndexOf(' ')
  // The last character makes room for the ellipsis, and half of a surrogate pair is no character.
  return `${(space > 0 ? cut.slice(0, space) : cut.slice(0, -1)).toWellFormed()}…`
}

/** Fullwidth letters, combined accents and invisible characters hide an address from whoever looks for it as it is written. */
function plainlyWritten(text: string): string {
  return /^[\t-\r -~]*$/.test(text)
    ? text
    : text
        .normalize('NFKC')
        .replace(/\p{Cf}/gu, '')
        .replaceAll('⁄', '/')
}

function readable(text: string, what: string): string {
  if (typeof text === 'string') {
    if (text.length <= LONGEST_READ_CHARACTERS) return plainlyWritten(text)
    // Half of an address no longer looks like one: the cut is made between words.
    const cut = text.slice(0, LONGEST_READ_CHARACTERS)
    return plainlyWritten(cut.slice(0, Math.max(cut.lastIndexOf(' '), cut.lastIndexOf('\n')) + 1) || cut)
  }
  throw new MailTriageError(
    'invalid-argument',
    `The ${what} of a mail is a string, not ${kindOf(text)}`,
    'Pass a string',
  )
}

/** A last line of a few capitalised words, or after a dash, is how people sign without a signature. */
function maskNameLine(lines: string[]): void {
  const last = lines.findLastIndex((line) => line.trim() !== '')
  const words = (lines[last] ?? '').slice(0, 100).trim().split(/\s+/)
  const isOnlyLine = lines.findIndex((line) => line.trim() !== '') === last
  if (last < 0 || isOnlyLine || words.length > LONGEST_NAME_LINE_WORDS) return
  const isSigned = /^[-–—~/*]/.test(words[0] ?? '') || words.every((word) => /^\p{Lu}[\p{L}.'’-]*[,.]?$/u.test(word))
  if (isSigned) lines[last] = MASK.name
}
