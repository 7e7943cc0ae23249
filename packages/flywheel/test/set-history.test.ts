import { describe, expect, it } from 'vitest'
import { extendHistory, NO_HISTORY } from '@groundtrace/flywheel'
import { exampleOf, idOf } from './examples-made.ts'

const groupOf = ({ time }: { time: number }) => [`minute ${time / 60_000}`]

describe('extendHistory', () => {
  it('adds predictions, keys and the newest time, and leaves the given history alone', () => {
    const first = extendHistory(NO_HISTORY, [exampleOf(2), exampleOf(1)], groupOf)
    const second = extendHistory(first, [exampleOf(3)], groupOf)
    expect(first).toEqual({
      predictions: new Set([idOf(1), idOf(2)]),
      groups: new Set(['minute 1', 'minute 2']),
      until: 120_000,
    })
    expect(second.predictions.size).toBe(3)
    expect(second.until).toBe(180_000)
    expect(NO_HISTORY.predictions.size).toBe(0)
  })

  it('refuses what is no history, no list or no function', () => {
    const refused = expect.objectContaining({ code: 'invalid-argument' })
    expect(() => extendHistory(undefined as never, [], () => [])).toThrow(refused)
    expect(() => extendHistory(NO_HISTORY, undefined as never, () => [])).toThrow(refused)
    expect(() => extendHistory(NO_HISTORY, [], undefined as never)).toThrow(refused)
  })
})
