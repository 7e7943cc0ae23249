import { expect, it } from 'vitest'
import { openSqliteRegister } from '../../src/index.ts'
import { pageOf } from '../../src/sqlite/page.ts'
import { prediction, wholeLedger } from '../../src/testing/fixtures.ts'

const MEBIBYTE = 2 ** 20
/** A text that takes a MiB. */
const LARGE = 'x'.repeat(MEBIBYTE / 2)
const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1)

/** A page of rows that each have something of this size for themselves, and share something with others. */
function paged(rows: readonly { readonly own: number; readonly shares: string; readonly shared: number }[]) {
  let reads = 0
  const placed = rows.map((row, index) => ({ ...row, position: index + 1 }))
  const page = pageOf<'predictions', (typeof placed)[number]>(
    placed,
    0,
    ({ position, shares, shared }, once) => {
      once(shares, () => {
        reads += 1
        return Array.from({ length: shared }, () => LARGE)
      })
      return prediction(position)
    },
    () => Array.from({ length: rows[0]?.own ?? 0 }, () => LARGE),
  )
  return { lines: page.lines.length, position: page.position, reads }
}

it('what lines share is read once, and however large it is, all of them are in the page', () => {
  const rows = numbers(300).map(() => ({ own: 0, shares: 'a', shared: 50 }))
  expect(paged(rows)).toEqual({ lines: 300, position: 300, reads: 1 })
})

it('a page ends before the line that shares something else and is too much, and has one line at least', () => {
  const rows = numbers(10).map((number) => ({ own: 0, shares: String(number), shared: 6 }))
  expect(paged(rows)).toEqual({ lines: 2, position: 2, reads: 3 })
  expect(paged([{ own: 0, shares: 'a', shared: 99 }])).toEqual({ lines: 1, position: 1, reads: 1 })
})

it('a page ends before what its lines have for themselves is too much', () => {
  const rows = numbers(30).map(() => ({ own: 3, shares: 'a', shared: 0 }))
  expect(paged(rows)).toEqual({ lines: 5, position: 5, reads: 1 })
})

it('a ledger of large predictions is read in pages that memory can hold, and in whole', async () => {
  const register = openSqliteRegister({ path: ':memory:' })
  const lines = numbers(40).map((number) => prediction(number, { features: { text: LARGE } }))
  await register.appendPredictions(lines)
  const { lines: first } = await register.read('predictions', { after: 0 })
  expect(first.length).toBeGreaterThan(10)
  expect(first.length).toBeLessThan(17)
  expect((await wholeLedger(register, 'predictions', 1000)).map(({ id }) => id)).toEqual(lines.map(({ id }) => id))
  await register.close()
})
