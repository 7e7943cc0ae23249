export interface MailHeader {
  /** Lower case. */
  readonly name: string
  /** Unfolded, one line. */
  readonly value: string
}

/** Some mails begin with the separator of the mailbox file that they were kept in. It is no header. */
export function withoutMailboxLine(raw: string): string {
  return raw.startsWith('From ') ? raw.slice(raw.indexOf('\n') + 1) : raw
}

/**
 * The header fields of a mail in their order, the newest `Received` first (RFC 5322 section 2.2). Only the corpus reads
 * them, for time and thread. The filter sees none but the subject: the others tell where a mail was collected.
 */
export function readHeaders(raw: string): MailHeader[] {
  const headers: { name: string; value: string }[] = []
  for (const line of headLines(withoutMailboxLine(raw))) {
    const last = headers.at(-1)
    if (/^[ \t]/.test(line)) {
      if (last !== undefined) last.value += ` ${line.trim()}`
      continue
    }
    const colon = line.indexOf(':')
    if (colon > 0)
      headers.push({ name: line.slice(0, colon).trim().toLowerCase(), value: line.slice(colon + 1).trim() })
  }
  return headers
}

function headLines(raw: string): string[] {
  const blank = /\r?\n\r?\n/.exec(raw)
  return (blank === null ? raw : raw.slice(0, blank.index)).split(/\r?\n/)
}
