import type { MailHeader } from './mail-headers.ts'

const MESSAGE_ID = /<[^<>\s]{1,250}>/g
const REPLY_MARK = /^(?:(?:re|fwd?|aw|sv|wg)(?:\[\d{1,3}\])?\s?:|\[[^\]]{1,40}\])\s*/i

/** Subjects shorter than this ("hello", "test") are shared by strangers. */
const SHORTEST_TELLING_SUBJECT = 12

export interface ThreadIndex {
  /**
   * The thread that a mail belongs to: that of a mail it refers to, else that of an earlier mail with the same subject,
   * else a new one.
   *
   * @param id the mail's own ID; a new thread is named after the mail that begins it, so the key tells nothing of its text
   */
  assign(id: string, headers: readonly MailHeader[]): string
}

/**
 * Puts mails of one conversation together, so that a data set can keep them on one side. Mails come in the order of
 * their arrival, and nothing of later mails is used. Memory grows with the number of mails: an index for one corpus.
 */
export function createThreadIndex(): ThreadIndex {
  const byMessage = new Map<string, string>()
  const bySubject = new Map<string, string>()
  return {
    assign(id, headers) {
      const own = idsIn(headers, 'message-id')
      const referenced = [...idsIn(headers, 'in-reply-to'), ...idsIn(headers, 'references')]
      const subject = plainSubject(headers.find(({ name }) => name === 'subject')?.value ?? '')
      const telling = subject.length >= SHORTEST_TELLING_SUBJECT
      const known = [...own, ...referenced]
        .map((message) => byMessage.get(message))
        .find((thread) => thread !== undefined)
      const thread = known ?? (telling ? bySubject.get(subject) : undefined) ?? id
      for (const message of [...own, ...referenced]) if (!byMessage.has(message)) byMessage.set(message, thread)
      if (telling && !bySubject.has(subject)) bySubject.set(subject, thread)
      return thread
    },
  }
}

/** The subject without reply and forward marks and list tags, in lower case, with single spaces. */
export function plainSubject(subject: string): string {
  let rest = subject.slice(0, 500).trim()
  for (let match = REPLY_MARK.exec(rest); match !== null; match = REPLY_MARK.exec(rest))
    rest = rest.slice(match[0].length)
  return rest.replace(/\s+/g, ' ').trim().toLowerCase()
}

function idsIn(headers: readonly MailHeader[], name: string): string[] {
  return headers.filter((header) => header.name === name).flatMap(({ value }) => value.match(MESSAGE_ID) ?? [])
}
