import { describe, expect, test } from 'vitest'
import { parseMail } from '../src/mail-text.ts'

const part = (type: string, text: string) => `--b\nContent-Type: text/${type}\n\n${text}\n`
const alternatives = (...parts: string[]) =>
  `Content-Type: multipart/alternative; boundary=b\n\n${parts.join('')}--b--\n`

describe('parseMail', () => {
  test('reads subject, text and the words of names and mailboxes', async () => {
    const mail = await parseMail(
      [
        'From a@b Thu Aug 22 2002',
        'From: "Grace M. Hopper" <grace.b@example.org>',
        'To: Team: Ada Lovelace <countess@example.org>, al@example.org;',
        'Subject: =?utf-8?q?caf=C3=A9?=',
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        'un caf=C3=A9',
        '',
      ].join('\r\n'),
    )
    expect(mail.subject).toBe('café')
    expect(mail.body.trim()).toBe('un café')
    expect([...mail.names].sort()).toEqual(['ada', 'countess', 'grace', 'hopper', 'lovelace'])
  })

  test('prefers plain text, and reads HTML where there is none', async () => {
    const both = await parseMail(alternatives(part('plain', 'plain'), part('html', '<p>html</p>')))
    expect(both.body.trim()).toBe('plain')
    const html = await parseMail(alternatives(part('plain', ''), part('html', '<p>ht<b>ml</b></p>')))
    expect(html.body.trim()).toBe('html')
  })

  test('makes an empty mail of an empty string', async () => {
    expect(await parseMail('')).toEqual({ subject: '', body: '', names: new Set() })
  })

  test('says what to do with what is no mail or can not be parsed', async () => {
    await expect(parseMail(undefined as never)).rejects.toMatchObject({
      code: 'invalid-argument',
      message: /nothing.*Pass/ as never,
    })
    const nested = Array.from(
      { length: 400 },
      (_, depth) => `Content-Type: multipart/mixed; boundary=b${depth}\n\n--b${depth}\n`,
    )
    await expect(parseMail(nested.join(''))).rejects.toMatchObject({ name: 'MailTriageError', code: 'mail-unreadable' })
  })
})
