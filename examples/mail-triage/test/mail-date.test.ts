import { describe, expect, test } from 'vitest'
import { parseMailDate } from '../src/mail-date.ts'

const at = (text: string) => {
  const time = parseMailDate(text)
  return time === undefined ? undefined : new Date(time).toISOString()
}

describe('parseMailDate', () => {
  // RFC 5322, appendix A.1.1 and A.5; in UTC by hand.
  test('reads the examples of RFC 5322', () => {
    expect(at('Fri, 21 Nov 1997 09:55:06 -0600')).toBe('1997-11-21T15:55:06.000Z')
    expect(at('Tue, 1 Jul 2003 10:52:37 +0200')).toBe('2003-07-01T08:52:37.000Z')
    expect(
      at(
        'Thu,\r\n      13\r\n        Feb\r\n          1969\r\n      23:32\r\n               -0330 (Newfoundland Time)',
      ),
    ).toBe('1969-02-14T03:02:00.000Z')
  })

  // RFC 5322, section 4.3.
  test('reads the obsolete names of zones', () => {
    expect(at('21 Nov 1997 09:55:06 GMT')).toBe('1997-11-21T09:55:06.000Z')
    expect(at('21 Nov 1997 09:55:06 EDT')).toBe('1997-11-21T13:55:06.000Z')
    expect(at('21 Nov 1997 09:55:06 PST')).toBe('1997-11-21T17:55:06.000Z')
  })

  test('takes a date without a zone, or one that no calendar has, for none', () => {
    const none = [
      '21 Nov 1997 09:55:06',
      '31 Feb 2002 09:55:06 +0000',
      '1 Foo 2002 09:55:06 +0000',
      '1 Jan 2002 24:00:00 Z',
      '',
    ]
    expect(none.map(at)).toEqual(none.map(() => undefined))
  })
})
