import {
  isCorrect,
  OUTCOME_STATES,
  resolve,
  sameValue,
  standing,
  type Feedback,
  type Prediction,
  type Value,
} from '@groundtrace/core'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { junk } from './arbitrary.ts'
import { rawErrorOf, refusal } from './refusal.ts'
import { id, predictionOf, said } from './spam-filter.ts'
import { threads } from './thread.ts'

const RUNS = { numRuns: 1000 }

/** What still stands, by its definition: no other line of its source, and of its user if both have one, retracts or supersedes it. */
function standsByDefinition(line: Feedback, lines: readonly Feedback[]): boolean {
  const against = lines.filter(({ source, user = line.user }) => source === line.source && user === (line.user ?? user))
  const isReplaced = against.some((other) => other.kind !== 'retraction' && other.supersedes === line.id)
  const isRetracted = against.some((other) => other.kind === 'retraction' && other.retracts === line.id)
  return line.kind !== 'retraction' && !isReplaced && !isRetracted
}

test('the threads that the laws are tried on come to every state', () => {
  const states = fc.sample(threads, { numRuns: 2000, seed: 1 }).map(({ prediction, lines, options }) => {
    return resolve(prediction, lines, options).state
  })
  expect(new Set(states)).toEqual(new Set(['open', ...OUTCOME_STATES]))
})

test('the order of arrival does not matter', () => {
  const shuffled = threads.chain((thread) =>
    fc
      .shuffledSubarray([...thread.lines], { minLength: thread.lines.length })
      .map((arrived) => ({ ...thread, arrived })),
  )
  fc.assert(
    fc.property(shuffled, ({ prediction, lines, arrived, options }) => {
      expect(resolve(prediction, arrived, options)).toEqual(resolve(prediction, lines, options))
    }),
    RUNS,
  )
})

test('delivering everything twice does not matter', () => {
  fc.assert(
    fc.property(threads, ({ prediction, lines, options }) => {
      const twice = [...lines, ...structuredClone(lines)]
      expect(resolve(prediction, twice, options)).toEqual(resolve(prediction, lines, options))
    }),
    RUNS,
  )
})

test('what stands is what no line of its own source takes back', () => {
  fc.assert(
    fc.property(threads, ({ lines }) => {
      expect(standing(lines)).toEqual(lines.filter((line) => standsByDefinition(line, lines)))
    }),
    RUNS,
  )
})

test('among sources that all differ, nobody takes anything back', () => {
  fc.assert(
    fc.property(threads, ({ prediction, lines, options }) => {
      const strangers = lines.map((line, n) => ({ ...line, source: `source-${n}` }))
      const loose = strangers.filter((line) => line.kind !== 'retraction')
      expect(standing(strangers)).toEqual(loose)
      const verdict = resolve(prediction, strangers, options)
      expect(verdict.state).not.toBe('retracted')
      expect(verdict).toEqual(resolve(prediction, loose, options))
    }),
    RUNS,
  )
})

test('a verdict rests on its evidence: the lines named, alone, say the same', () => {
  fc.assert(
    fc.property(threads, ({ prediction, lines, options }) => {
      const verdict = resolve(prediction, lines, options)
      fc.pre(verdict.evidence.length > 0)
      const named = lines.filter((line) => verdict.evidence.includes(line.id))
      expect(resolve(prediction, named, options)).toEqual({ ...verdict, held: [] })
    }),
    RUNS,
  )
})

test('evidence and what is held stand, are told apart, and come in order of time', () => {
  fc.assert(
    fc.property(threads, ({ prediction, lines, options }) => {
      const { evidence, held } = resolve(prediction, lines, options)
      const byId = new Map(lines.map((line) => [line.id, line]))
      const timesOf = (ids: readonly string[]): number[] =>
        ids.map((name) => byId.get(name as Feedback['id'])?.time ?? 0)
      expect([...evidence, ...held].every((name) => standsByDefinition(byId.get(name) as Feedback, lines))).toBe(true)
      expect(new Set([...evidence, ...held]).size).toBe(evidence.length + held.length)
      expect(timesOf(evidence)).toEqual(timesOf(evidence).toSorted((a, b) => a - b))
      expect(timesOf(held)).toEqual(timesOf(held).toSorted((a, b) => a - b))
    }),
    RUNS,
  )
})

test('a weaker word changes nothing that a stronger one decided', () => {
  fc.assert(
    fc.property(threads, fc.boolean(), ({ prediction, lines, options }, right) => {
      const expert = said(20, { kind: 'annotation', by: 'expert', label: prediction.value as Value })
      const decided = [...lines, expert]
      const rated = [...decided, said(21, { kind: 'rating', right }, { source: 'visitor' })]
      expect(resolve(prediction, rated, options)).toEqual(resolve(prediction, decided, options))
    }),
    RUNS,
  )
})

test('the horizon closes what is open and touches nothing else', () => {
  fc.assert(
    fc.property(threads, ({ prediction, lines }) => {
      const before = resolve(prediction, lines)
      const after = resolve(prediction, lines, { now: prediction.time + 1e12 })
      expect(after.state).not.toBe('open')
      const expected = before.state === 'open' ? { held: before.held, evidence: [] } : before
      expect(after).toMatchObject(expected)
    }),
    RUNS,
  )
})

describe('being right', () => {
  // Exact in binary: 10 ± 2 and the neighbouring doubles.
  test.each([
    [10, true],
    [12, true],
    [8, true],
    [12.000000000000002, false],
    [7.999999999999999, false],
    [-10, false],
  ])('10 within 2 of %d: %s', (truth, expected) => {
    expect(isCorrect(predictionOf('regression'), truth)).toBe(expected)
  })

  test('without tolerance is being equal', () => {
    const { tolerance: _, ...task } = predictionOf('regression').task
    const exact = predictionOf('regression', { task: { ...task, tolerance: 0 }, value: 0.1 + 0.2 })
    expect(isCorrect(exact, 0.1 + 0.2)).toBe(true)
    expect(isCorrect(exact, 0.3)).toBe(false)
  })

  test('in order is being equal item by item', () => {
    expect(isCorrect(predictionOf('ranking'), ['a', 'b', 'c'])).toBe(true)
    expect(isCorrect(predictionOf('ranking'), ['a', 'c', 'b'])).toBe(false)
    expect(isCorrect(predictionOf('ranking'), ['a', 'b'])).toBe(false)
  })

  test('is asked only of truths that the task can have', () => {
    expect(() => isCorrect(predictionOf('regression'), Number.NaN)).toThrow(
      refusal('invalid-argument', /NaN is no value/),
    )
    expect(() => isCorrect(predictionOf('binary'), 'eggs')).toThrow(refusal('invalid-argument', /"eggs" is no value/))
  })
})

test('sameness of values looks at what they say', () => {
  expect(sameValue('a', 'a')).toBe(true)
  expect(sameValue(['a', 'b'], ['a', 'b'])).toBe(true)
  expect(sameValue(['a', 'b'], ['b', 'a'])).toBe(false)
  expect(sameValue(['a'], 'a')).toBe(false)
  expect(sameValue('1', 1)).toBe(false)
  expect(sameValue(undefined, undefined)).toBe(true)
})

test('misuse meets a typed error in every function', () => {
  fc.assert(
    fc.property(junk, junk, (a, b) => {
      const line = said(2, { kind: 'no-action' })
      expect(rawErrorOf(() => resolve(a as Prediction, b as Feedback[]))).toBeUndefined()
      expect(rawErrorOf(() => resolve(predictionOf('binary'), b as Feedback[], a as object))).toBeUndefined()
      expect(rawErrorOf(() => resolve(predictionOf('binary'), [line, b as Feedback]))).toBeUndefined()
      expect(rawErrorOf(() => standing(b as Feedback[]))).toBeUndefined()
      expect(rawErrorOf(() => standing([line, b as Feedback]))).toBeUndefined()
      expect(rawErrorOf(() => isCorrect(a as Prediction, b as Value))).toBeUndefined()
      expect(rawErrorOf(() => sameValue(a as Value, b as Value))).toBeUndefined()
    }),
  )
  expect(() => standing(null as unknown as Feedback[])).toThrow(refusal('invalid-argument', /no list of feedback/))
  expect(() => standing([{ id: id(2) } as Feedback])).toThrow(refusal('invalid-feedback'))
})
