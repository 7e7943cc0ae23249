import { GroundtraceError, type Outcome } from '@groundtrace/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ExamplePool } from '@groundtrace/flywheel'
import { exampleOf, idOf, outcomeOf, predictionOf } from './examples-made.ts'

const joined = (n: number, fields: Partial<Outcome> = {}) => ({
  prediction: predictionOf(n),
  outcome: outcomeOf(n, fields),
})

describe('ExamplePool', () => {
  it('holds the example of every settled prediction, oldest first', () => {
    const pool = new ExamplePool('spam')
    expect(pool.add([joined(2), joined(1)])).toEqual({ lines: 2, added: 2, changed: 0, withdrawn: 0 })
    expect(pool.examples()).toEqual([exampleOf(1), exampleOf(2)])
    expect(pool.size).toBe(2)
    expect(pool.add([joined(2), joined(1)])).toEqual({ lines: 0, added: 0, changed: 0, withdrawn: 0 })
  })

  it('withdraws an example when its outcome is contested, and takes it back when it is settled again', () => {
    const pool = new ExamplePool('spam')
    pool.add([joined(1)])
    expect(pool.add([joined(1, { version: 2, state: 'contested' })])).toMatchObject({ withdrawn: 1 })
    expect(pool.examples()).toEqual([])
    expect(pool.without()).toEqual({ 'not-settled': 1, 'truth-unknown': 0, 'features-missing': 0, forgotten: 0 })
    expect(pool.add([joined(1, { version: 3, label: 'ham' })])).toMatchObject({ added: 1 })
    expect(pool.examples()).toMatchObject([{ label: 'ham', outcomeVersion: 3 }])
  })

  it('changes an example when its label changes', () => {
    const pool = new ExamplePool('spam')
    pool.add([joined(1)])
    expect(pool.add([joined(1, { version: 2, label: 'ham', authority: 'expert' })])).toMatchObject({ changed: 1 })
    expect(pool.examples()).toMatchObject([{ label: 'ham', authority: 'expert' }])
  })

  it('counts why predictions make no example', () => {
    const pool = new ExamplePool('spam')
    const { label: _, ...unknown } = outcomeOf(2)
    const { features: __, ...bare } = predictionOf(3)
    pool.add([
      joined(1, { state: 'expired' }),
      { prediction: predictionOf(2), outcome: unknown },
      { prediction: bare, outcome: outcomeOf(3) },
    ])
    expect(pool.without()).toEqual({ 'not-settled': 1, 'truth-unknown': 1, 'features-missing': 1, forgotten: 0 })
    expect(pool.size).toBe(0)
  })

  it('passes over outcomes of other tasks', () => {
    const pool = new ExamplePool('topic')
    expect(pool.add([joined(1)])).toEqual({ lines: 0, added: 0, changed: 0, withdrawn: 0 })
    expect(pool.size).toBe(0)
  })

  it('learns one case once: of a whole and its members that of the whole, whichever came first', () => {
    const member = (n: number) => ({
      ...joined(n),
      prediction: { ...predictionOf(n), parent: idOf(9), whole: idOf(9) },
    })
    const pool = new ExamplePool('spam')
    pool.add([member(1), member(2)])
    expect(pool.examples().map(({ prediction }) => prediction)).toEqual([idOf(1), idOf(2)])
    pool.add([joined(9)])
    expect(pool.examples().map(({ prediction }) => prediction)).toEqual([idOf(9)])
    expect(pool.size).toBe(1)
    // What the whole knew is taken back: those that were told of themselves are examples again.
    pool.add([joined(9, { version: 2, state: 'retracted' })])
    expect(pool.size).toBe(2)
    pool.forget([idOf(1)])
    expect(pool.examples()).toMatchObject([{ prediction: idOf(2), whole: idOf(9) }])
  })

  it('does not take an erased prediction back, whatever is said of it later', () => {
    const pool = new ExamplePool('spam')
    pool.add([joined(1), joined(2)])
    expect(pool.forget([idOf(1), idOf(3)])).toBe(1)
    pool.add([joined(1, { version: 2, label: 'ham' }), joined(3)])
    expect(pool.examples()).toEqual([exampleOf(2)])
    expect(pool.without().forgotten).toBe(2)
  })

  it('comes to the same examples when lines are read twice, in any order and in any portions', () => {
    const line = fc.record({
      n: fc.integer({ min: 1, max: 6 }),
      version: fc.integer({ min: 1, max: 4 }),
    })
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 40 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 5 })),
        (lines, sizes) => {
          // Version decides content, as in a ledger: odd versions are settled, even ones contested.
          const full = lines.map(({ n, version }) =>
            joined(n, {
              version,
              state: version % 2 === 1 ? 'settled' : 'contested',
              label: version === 1 ? 'spam' : 'ham',
            }),
          )
          const latest = new Map<number, number>()
          for (const { n, version } of lines) latest.set(n, Math.max(version, latest.get(n) ?? 0))
          const expected = [...latest]
            .filter(([, version]) => version % 2 === 1)
            .sort(([a], [b]) => a - b)
            .map(([n, version]) => [idOf(n), version])

          const pool = new ExamplePool('spam')
          const rest = [...full, ...full.toReversed()]
          while (rest.length > 0) pool.add(rest.splice(0, sizes.next().value))
          expect(pool.examples().map((example) => [example.prediction, example.outcomeVersion])).toEqual(expected)
        },
      ),
    )
  })

  it.each<[string, unknown, string]>([
    ['no line', undefined, 'invalid-outcome'],
    ['a line without its prediction', { outcome: outcomeOf(1) }, 'invalid-prediction'],
    ['a line without its outcome', { prediction: predictionOf(1) }, 'invalid-outcome'],
    ['an outcome of another prediction', { prediction: predictionOf(1), outcome: outcomeOf(2) }, 'invalid-argument'],
  ])('refuses %s and takes nothing of the batch', (_, line, code) => {
    const pool = new ExamplePool('spam')
    expect(() => pool.add([joined(5), line as ReturnType<typeof joined>])).toThrow(expect.objectContaining({ code }))
    expect(pool.size).toBe(0)
  })

  it('refuses a task that is no name and lines that are no list', () => {
    expect(() => new ExamplePool('')).toThrow(GroundtraceError)
    expect(() => new ExamplePool('spam').add(undefined as never)).toThrow(GroundtraceError)
  })
})
