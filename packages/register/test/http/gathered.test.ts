import { GroundtraceError, type Receipt } from '@groundtrace/core'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gathered } from '../../src/http/gathered.ts'

const receiptsOf = (lines: readonly string[]): readonly Receipt[] => lines.map((id) => ({ id, status: 'stored' }))
const idsOf = (receipts: readonly Receipt[]): readonly string[] => receipts.map(({ id }) => id)

/** A store that keeps its calls and ends one whenever the test says so. */
function store() {
  const calls: (readonly string[])[] = []
  const ends: PromiseWithResolvers<void>[] = []
  async function append(lines: readonly string[]): Promise<readonly Receipt[]> {
    calls.push(lines)
    const end = Promise.withResolvers<void>()
    ends.push(end)
    await end.promise
    return receiptsOf(lines)
  }
  return { calls, ends, append }
}

test('what comes alone goes at once; what comes meanwhile goes together', async () => {
  const { calls, ends, append } = store()
  const add = gathered(append, 10)
  const answers = [add(['a']), add(['b', 'c']), add(['d'])]
  expect(calls).toEqual([['a']])
  ends[0]?.resolve()
  expect(idsOf((await answers[0]) ?? [])).toEqual(['a'])
  await new Promise(setImmediate)
  expect(calls.slice(1)).toEqual([['b', 'c', 'd']])
  ends[1]?.resolve()
  expect((await Promise.all(answers)).map(idsOf)).toEqual([['a'], ['b', 'c'], ['d']])
})

test('no call holds more lines than it may, but for a request that brings more', async () => {
  const { calls, ends, append } = store()
  const add = gathered(append, 3)
  const answers = [['a'], ['b', 'c'], ['d', 'e'], ['f', 'g', 'h', 'i'], ['j']].map((lines) => add(lines))
  for (let call = 0; call < 5; call += 1) {
    ends[call]?.resolve()
    await new Promise(setImmediate)
  }
  await Promise.all(answers)
  expect(calls).toEqual([['a'], ['b', 'c'], ['d', 'e'], ['f', 'g', 'h', 'i'], ['j']])
})

test('everybody gets their own receipts, in order, whatever comes when', async () => {
  const requests = fc.array(fc.array(fc.string({ maxLength: 4 }), { maxLength: 5 }), { maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), requests, fc.integer({ min: 1, max: 8 }), async (scheduler, all, most) => {
      const append = scheduler.scheduleFunction(async (lines: readonly string[]) => receiptsOf(lines))
      const add = gathered(append, most)
      const answers = all.map((lines) => add(lines))
      await scheduler.waitFor(Promise.all(answers))
      expect((await Promise.all(answers)).map(idsOf)).toEqual(all)
    }),
  )
})

describe('a call that fails', () => {
  const unavailable = new GroundtraceError('register-unavailable', 'The disk is full', 'Free some')

  test('fails for all in it, and for nobody who comes later', async () => {
    let down = true
    const add = gathered(async (lines: readonly string[]) => {
      await Promise.resolve()
      if (down) throw unavailable
      return receiptsOf(lines)
    }, 10)
    const results = await Promise.allSettled([add(['a']), add(['b']), add(['c'])])
    expect(results).toEqual(Array.from({ length: 3 }, () => ({ status: 'rejected', reason: unavailable })))
    down = false
    expect(idsOf(await add(['d']))).toEqual(['d'])
  })

  test('through a slip that one request brings about costs only that one', async () => {
    const slip = new TypeError('a slip')
    const add = gathered(async (lines: readonly string[]) => {
      await Promise.resolve()
      if (lines.includes('poison')) throw slip
      return receiptsOf(lines)
    }, 10)
    const results = await Promise.allSettled([add(['a']), add(['b']), add(['poison']), add(['c'])])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  })
})
