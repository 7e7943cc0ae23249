import { expect, test } from 'vitest'
import { printLedger, type Listing } from '../src/ledger-listing.ts'

const PAGES = 5

interface Line {
  readonly id: string
}

/** A ledger that has pages of three lines, and what was read of it. */
function paged(): { readonly page: Listing<Line>['page']; readonly read: number[] } {
  const read: number[] = []
  return {
    read,
    page(after) {
      read.push(after)
      if (after === PAGES) return Promise.resolve({ lines: [], position: after })
      const lines = [0, 1, 2].map((place) => ({ id: `${after}-${place}` }))
      return Promise.resolve({ lines, position: after + 1 })
    },
  }
}

const all: Omit<Listing<Line>, 'page'> = {
  keeps: () => true,
  limit: Number.POSITIVE_INFINITY,
  json: true,
  object: ({ id }) => id,
  headings: ['id'],
  cells: ({ id }) => [id],
}

test('the next page is read only when the one before is taken', async () => {
  const { page, read } = paged()
  const seen: number[] = []
  await printLedger({ ...all, page }, async () => {
    await new Promise(setImmediate)
    seen.push(read.length)
    return true
  })
  expect(seen).toEqual([1, 2, 3, 4, 5])
})

test('nothing more is read when nobody reads any more', async () => {
  const { page, read } = paged()
  let texts = 0
  const printed = await printLedger({ ...all, page }, () => Promise.resolve((texts += 1) < 2))
  expect([printed, texts, read]).toEqual([6, 2, [0, 1]])
})

test('nothing more is read when as many are printed as were asked for', async () => {
  const { page, read } = paged()
  let out = ''
  const printed = await printLedger({ ...all, page, limit: 4 }, (text) => Promise.resolve((out += text) !== ''))
  expect([printed, out.trim().split('\n'), read]).toEqual([4, ['"0-0"', '"0-1"', '"0-2"', '"1-0"'], [0, 1]])
})

test('a page of which nothing is kept is passed over, and headings stand once', async () => {
  const { page } = paged()
  let out = ''
  await printLedger({ ...all, page, json: false, keeps: ({ id }) => /^[13]/.test(id) }, (text) =>
    Promise.resolve((out += text) !== ''),
  )
  expect(out).toBe('id\n1-0\n1-1\n1-2\n3-0\n3-1\n3-2\n')
})
