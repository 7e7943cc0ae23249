import { assert, integer, property, record } from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalTime } from '../../src/client/server-time.ts'

/** As Django writes times. */
const written = ({ second, micro }: { second: number; micro: number }): string => {
  const seconds = new Date(second * 1000).toISOString().slice(0, 19)
  return micro === 0 ? `${seconds}Z` : `${seconds}.${String(micro).padStart(6, '0')}Z`
}

test('the order of times is that of their texts, also where the server leaves zeros out', () => {
  const moment = record({ second: integer({ min: 0, max: 4e9 }), micro: integer({ min: 0, max: 999_999 }) })
  assert(
    property(moment, moment, (a, b) => {
      const order = Math.sign(a.second - b.second || a.micro - b.micro)
      const [first = '', second = ''] = [canonicalTime(written(a)), canonicalTime(written(b))]
      expect(first < second ? -1 : first > second ? 1 : 0).toBe(order)
    }),
  )
})

test.each(['', 'now', '2026-11-24', '2026-13-24T00:00:00Z', '2026-11-24T06:26:40+01:00', '2026-11-24T06:26:40'])(
  '%j is no time in UTC',
  (text) => {
    expect(canonicalTime(text)).toBe(undefined)
  },
)
