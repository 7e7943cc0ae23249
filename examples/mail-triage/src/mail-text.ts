import PostalMime, { type Address } from 'postal-mime'
import { htmlToText } from './html-text.ts'
import { withoutMailboxLine } from './mail-headers.ts'
import { kindOf, MailTriageError } from './mail-triage-error.ts'

/** What people read of a mail. It names people: mask it before it is kept or shown. */
export interface MailText {
  readonly subject: string
  readonly body: string
  /** Words of the names and mailboxes in the address headers, in lower case: what masking must not let through. */
  readonly names: ReadonlySet<string>
}

const SHORTEST_NAME = 3

/**
 * Reads subject and body of a mail as it came over the wire (RFC 5322, MIME). A mail that has no plain text is read from
 * its HTML. Attachments are left out.
 *
 * @throws MailTriageError `invalid-argument` when it is no string, `mail-unreadable` when it breaks the parser's limits
 */
export async function parseMail(raw: string): Promise<MailText> {
  if (typeof raw !== 'string') {
    throw new MailTriageError(
      'invalid-argument',
      `A mail is a string, not ${kindOf(raw)}`,
      'Pass headers and body as one string',
    )
  }
  const mail = await PostalMime.parse(withoutMailboxLine(raw)).catch((error: unknown) => {
    throw new MailTriageError(
      'mail-unreadable',
      "The mail can't be parsed",
      'Leave it out, or look at the error it was caused by',
      {
        cause: error,
      },
    )
  })
  const text = mail.text ?? ''
  const addresses = [mail.from, mail.sender, ...(mail.replyTo ?? []), ...(mail.to ?? []), ...(mail.cc ?? [])]
  return {
    subject: mail.subject ?? '',
    body: text.trim() === '' ? htmlToText(mail.html ?? '') : text,
    names: new Set(addresses.flatMap((address) => (address === undefined ? [] : nameWords(address)))),
  }
}

function nameWords(address: Address): string[] {
  if (address.group !== undefined) return address.group.flatMap(nameWords)
  const mailbox = address.address.slice(0, 200).split('@')[0] ?? ''
  const words = `${address.name.slice(0, 200)} ${mailbox}`.toLowerCase().split(/[^\p{L}\p{M}]+/u)
  return words.filter((word) => word.length >= SHORTEST_NAME)
}
