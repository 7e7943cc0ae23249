import { expect } from 'vitest'
import type { Finding } from '../src/sqlite.ts'

/** What says something of the machine or of the time, and nothing of the lines. */
const OF_ITS_PLACE = new Set(['horizons', 'disk', 'durability'])

/** Whatever a test did to a register, its lines, figures and keys fit together. */
export function expectSound(findings: Iterable<Finding>): void {
  expect([...findings].filter(({ ok, check }) => !ok && !OF_ITS_PLACE.has(check))).toEqual([])
}
