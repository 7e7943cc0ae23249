import type { Count, JoinedOutcome, Page } from '@groundtrace/core'
import { describe, expect, it } from 'vitest'
import { DAY, dataSetMade, id, prediction, rated, START, TASKS, versionTrained, wholeLedger } from './fixtures.ts'
import { over, type OpenRegister } from './under-test.ts'

const byState = (lines: readonly JoinedOutcome[]): readonly Count[] =>
  lines.map(({ outcome: { state, phase } }) => ({ name: 'outcomes', labels: { state, phase }, value: 1 }))

const half = (name: string) => (): readonly Count[] => [{ name, labels: {}, value: 0.5 }]

function fail(): never {
  throw new RangeError('a mistake of the caller')
}

const countOf = (name: string): Count => ({ name, labels: {}, value: 1 })

/** 700 counts that expire then: more than go in one transaction. */
const manyUntil = (expires?: number) => (): readonly Count[] =>
  Array.from({ length: 700 }, (_, number) => ({
    ...countOf('seen'),
    labels: { number: String(number), expires: String(expires) },
    ...(expires === undefined ? {} : { expires }),
  }))

const numbers = (length: number): readonly number[] => Array.from({ length }, (_, index) => index + 1)

/** Reading a ledger in commit order, and counting every line once. */
export function tailCases(open: OpenRegister): void {
  describe('tailing a ledger', () => {
    it('reads page by page, in commit order, and says where to go on', () =>
      over(open, TASKS, async (register) => {
        expect(await register.read('predictions', { after: 0 })).toEqual({ lines: [], position: 0 })
        await register.appendPredictions([3, 1, 2].map((number) => prediction(number)))
        const first: Page<'predictions'> = await register.read('predictions', { after: 0, limit: 2 })
        expect(first.lines.map((line) => line.id)).toEqual([id(3), id(1)])
        const second = await register.read('predictions', { after: first.position, limit: 2 })
        expect(second.lines.map((line) => line.id)).toEqual([id(2)])
        const end = await register.read('predictions', { after: second.position })
        expect(end).toEqual({ lines: [], position: second.position })
        await register.appendPredictions([prediction(4)])
        const later = await register.read('predictions', { after: end.position })
        expect(later.lines.map((line) => line.id)).toEqual([id(4)])
      }))

    it('reads at most 1,000 lines where no limit is given', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions(numbers(1001).map((number) => prediction(number)))
        expect((await register.read('predictions', { after: 0 })).lines).toHaveLength(1000)
      }))

    it('shows payloads of predictions in their own ledger only', () =>
      over(open, TASKS, async (register) => {
        const whole = prediction(1, { features: { word: 1 }, user: 'u', entity: 'a', scores: { spam: 1 } })
        const bare = prediction(1, { entity: 'a', scores: { spam: 1 } })
        await register.appendPredictions([whole])
        await register.appendFeedback([rated(101, 1, true, { comment: 'yes' })])
        expect(await wholeLedger(register, 'predictions')).toEqual([whole])
        expect(await wholeLedger(register, 'feedback')).toEqual([
          { feedback: rated(101, 1, true, { comment: 'yes' }), status: 'stored', prediction: bare },
        ])
        expect((await wholeLedger(register, 'outcomes')).map((line) => line.prediction)).toEqual([bare])
      }))

    it('reads lineage with all members of its data sets', () =>
      over(open, TASKS, async (register) => {
        const lines = [
          dataSetMade('d1', [
            [101, 1],
            [102, 2],
          ]),
          versionTrained('v2', 'd1'),
          dataSetMade('d2', []),
        ]
        await register.appendLineage(lines)
        expect(await wholeLedger(register, 'lineage', 2)).toEqual(lines)
      }))
  })

  describe('counting along a ledger', () => {
    it('counts every line once, and moves cursor and counts together', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions(numbers(5).map((number) => prediction(number)))
        await register.appendFeedback([rated(101, 1, true), rated(102, 2, false)])
        await register.closeHorizons({ now: START + 10 * DAY })
        const taken: number[] = []
        for (let lines = 1; lines > 0;) {
          lines = await register.advance('quality', 'outcomes', byState, 3)
          taken.push(lines)
        }
        expect(taken).toEqual([3, 3, 1, 0])
        expect(await register.counts()).toEqual([
          { name: 'outcomes', labels: { phase: 'early', state: 'settled' }, value: 2 },
          { name: 'outcomes', labels: { phase: 'horizon', state: 'expired' }, value: 3 },
          { name: 'outcomes', labels: { phase: 'horizon', state: 'settled' }, value: 2 },
        ])
      }))

    it('keeps cursors apart, by name', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions(numbers(3).map((number) => prediction(number)))
        expect(await register.advance('a', 'predictions', half('a'), 2)).toBe(2)
        expect(await register.advance('b', 'predictions', half('b'))).toBe(3)
        expect(await register.advance('a', 'predictions', half('a'))).toBe(1)
        expect(await register.counts()).toEqual([
          { name: 'a', labels: {}, value: 1 },
          { name: 'b', labels: {}, value: 0.5 },
        ])
        await expect(register.advance('a', 'outcomes', () => [])).rejects.toMatchObject({ code: 'invalid-argument' })
      }))

    it('gives the counts whose name begins as asked for', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1)])
        const names = ['a.b', 'a', 'a.bc', 'ab', 'b']
        await register.advance('a', 'predictions', () => names.map(countOf))
        const under = async (text?: string) => (await register.counts(text)).map(({ name }) => name)
        expect(await under()).toEqual(['a', 'a.b', 'a.bc', 'ab', 'b'])
        expect(await under('a')).toEqual(['a', 'a.b', 'a.bc', 'ab'])
        expect(await under('a.')).toEqual(['a.b', 'a.bc'])
        expect(await under('c')).toEqual([])
        await expect(register.counts(1 as never)).rejects.toMatchObject({ code: 'invalid-argument' })
      }))

    it('keeps counts until they expire, and those that do not for ever', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions([prediction(1), prediction(2)])
        const past = Date.now() - DAY
        const future = Date.now() + DAY
        await register.advance('a', 'predictions', manyUntil(past), 1)
        await register.advance('b', 'predictions', manyUntil(future), 1)
        await register.advance('c', 'predictions', manyUntil(), 1)
        expect(await register.counts()).toHaveLength(2100)
        await register.closeHorizons({ now: START })
        const left = await register.counts()
        expect(left.map(({ expires }) => expires ?? 0).toSorted((a, b) => a - b)).toEqual([
          ...Array(700).fill(0),
          ...Array(700).fill(future),
        ])
        const never = [{ name: 'seen', labels: {}, value: 1, expires: Number.NaN }]
        await expect(register.advance('d', 'predictions', () => never)).rejects.toMatchObject({
          code: 'invalid-argument',
        })
      }))

    it('moves nothing when counting fails, and counts all of it the next time', () =>
      over(open, TASKS, async (register) => {
        await register.appendPredictions(numbers(3).map((number) => prediction(number)))
        const one = { name: 'seen', labels: {}, value: 1 }
        await expect(register.advance('a', 'predictions', fail)).rejects.toThrow('a mistake of the caller')
        const nonsense = [one, { name: 'seen', labels: {}, value: Number.NaN }]
        await expect(register.advance('a', 'predictions', () => nonsense)).rejects.toMatchObject({
          code: 'invalid-argument',
        })
        expect(await register.counts()).toEqual([])
        expect(await register.advance('a', 'predictions', (lines) => lines.map(() => one))).toBe(3)
        expect(await register.counts()).toEqual([{ ...one, value: 3 }])
      }))
  })
}
