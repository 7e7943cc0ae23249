import { formatTrackingId, GroundtraceError, parseTrackingId } from '@groundtrace/core'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { rowIds } from '../src/row-ids.ts'

const CALL = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) }
const call = formatTrackingId(CALL)

test('law: row n of a batch is the ID of the call with -n, and parses back to it', () => {
  fc.assert(
    fc.property(fc.nat({ max: 300 }), (count) => {
      const ids = rowIds(call, count)
      expect(ids).toHaveLength(count)
      expect(ids.map(parseTrackingId)).toEqual(Array.from({ length: count }, (_, row) => ({ ...CALL, row })))
    }),
  )
})

test.each([-1, 1.5, 100_001, Number.NaN, Number.POSITIVE_INFINITY, '3', undefined, 3n])(
  '%s is refused as a number of rows, with cause and next step',
  (count) => {
    expect(() => rowIds(call, count as number)).toThrow(GroundtraceError)
    expect(() => rowIds(call, count as number)).toThrow(/rows returned .*\. Return the number of rows/)
  },
)
