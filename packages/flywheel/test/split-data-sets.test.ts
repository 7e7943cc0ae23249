import type { TrainingExample } from '@groundtrace/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NO_HISTORY, splitDataSets, type GroupOf, type SplitOptions } from '@groundtrace/flywheel'
import { exampleOf, idOf, SPAM } from './examples-made.ts'

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)
const spamAndHam = (n: number) => exampleOf(n, { label: n % 2 === 0 ? 'spam' : 'ham' })
const predictions = (examples: readonly TrainingExample[]) => examples.map(({ prediction }) => prediction)
/** Reads the keys that the made examples carry as features. */
const byKeys: GroupOf = ({ features }) => (features['keys'] as readonly string[] | undefined) ?? []
const keyed = (n: number, ...keys: string[]) => ({ ...spamAndHam(n), features: { keys } })

describe('splitDataSets', () => {
  it('sets the newest quarter aside for validation', () => {
    const split = splitDataSets(numbers(1, 16).map(spamAndHam), { task: SPAM })
    expect(split).toMatchObject({
      verdict: 'ready',
      cut: 13 * 60_000,
      dropped: { 'straddles-cut': 0, 'group-seen-before': 0 },
    })
    expect(predictions(split.training)).toEqual(numbers(1, 12).map((n) => idOf(n)))
    expect(predictions(split.validation)).toEqual(numbers(13, 16).map((n) => idOf(n)))
  })

  it('validates the next generation with newer examples only, and trains it on what validated the last', () => {
    const first = splitDataSets(numbers(1, 16).map(spamAndHam), { task: SPAM })
    const second = splitDataSets(numbers(1, 24).map(spamAndHam), { task: SPAM, history: first.history })
    expect(predictions(second.training)).toEqual(numbers(1, 22).map((n) => idOf(n)))
    expect(predictions(second.validation)).toEqual([idOf(23), idOf(24)])
  })

  it('trains on an example whose feedback came late, but never validates with it', () => {
    const first = splitDataSets(numbers(2, 17).map(spamAndHam), { task: SPAM })
    const second = splitDataSets(numbers(1, 18).map(spamAndHam), {
      task: { ...SPAM, kind: 'multiclass' },
      history: first.history,
      validationShare: 0.9,
      minimumPerClass: 0,
    })
    expect(predictions(second.validation)).toEqual([idOf(18)])
    expect(predictions(second.training)).toContain(idOf(1))
  })

  it('keeps members of one whole on one side, unless it is told how to group', () => {
    const member = (n: number) => ({ ...spamAndHam(n), whole: idOf(99) })
    const examples = [...numbers(1, 11).map(spamAndHam), member(12), member(13), ...numbers(14, 16).map(spamAndHam)]
    const split = splitDataSets(examples, { task: SPAM })
    expect(predictions(split.training)).toContain(idOf(12))
    expect(predictions(split.validation)).toEqual(numbers(14, 16).map((n) => idOf(n)))
    expect(split.dropped['straddles-cut']).toBe(1)
    expect(predictions(splitDataSets(examples, { task: SPAM, groupOf: () => [] }).validation)).toContain(idOf(13))
  })

  it('drops the newer part of a group that straddles the cut, also over a third example', () => {
    const examples = [
      ...numbers(1, 11).map(spamAndHam),
      keyed(12, 'thread'),
      keyed(13, 'copy', 'thread'),
      keyed(14, 'copy'),
      spamAndHam(15),
      spamAndHam(16),
    ]
    const split = splitDataSets(examples, { task: SPAM, groupOf: byKeys })
    expect(predictions(split.validation)).toEqual([idOf(15), idOf(16)])
    expect(split.dropped).toEqual({ 'straddles-cut': 2, 'group-seen-before': 0 })
    expect(predictions(split.training)).toContain(idOf(12))
  })

  it('does not validate with a copy of what an earlier set held, even when that was withdrawn', () => {
    const options: SplitOptions = { task: SPAM, groupOf: byKeys }
    const first = splitDataSets([keyed(1, 'copy'), ...numbers(2, 16).map(spamAndHam)], options)
    const now = [...numbers(2, 20).map(spamAndHam), keyed(21, 'copy'), spamAndHam(22)]
    const second = splitDataSets(now, { ...options, history: first.history })
    expect(second.dropped).toEqual({ 'straddles-cut': 0, 'group-seen-before': 1 })
    expect(predictions(second.validation)).toEqual([idOf(20), idOf(22)])
  })

  it.each<[string, TrainingExample[], Partial<SplitOptions>, string]>([
    ['there are no examples', [], {}, 'None of 0 examples'],
    [
      'a class is missing from training',
      [1, 2, 3].map((n) => exampleOf(n)),
      {},
      'training set has 0 examples of "ham"',
    ],
    [
      'a class is missing from validation',
      [...numbers(1, 12).map(spamAndHam), ...numbers(13, 16).map((n) => exampleOf(n, { label: 'ham' }))],
      {},
      'validation set has 0 examples of "spam"; at least 1 needed',
    ],
    [
      'a class is too thin',
      numbers(1, 16).map(spamAndHam),
      { minimumPerClass: 3 },
      'validation set has 2 examples of "ham"; at least 3 needed',
    ],
    ['all examples are of one moment', [1, 2, 3].map((n) => exampleOf(n, { time: 0 })), {}, 'training set is empty'],
    [
      'no class is declared and one occurs',
      [1, 2, 3, 4].map((n) => exampleOf(n)),
      { task: { name: 'spam', kind: 'multiclass', classes: undefined } },
      'All examples are of class "spam"',
    ],
  ])('is blind, says so and leaves history alone when %s', (_, examples, options, reason) => {
    const split = splitDataSets(examples, { task: SPAM, ...options })
    expect(split.verdict).toBe('blind')
    expect(split.reason).toContain(reason)
    expect(split.history).toBe(NO_HISTORY)
  })

  it('asks for no class where labels are no classes', () => {
    const examples = numbers(1, 8).map((n) => exampleOf(n, { label: n, task: 'price' }))
    const split = splitDataSets(examples, { task: { name: 'price', kind: 'regression', classes: undefined } })
    expect(split).toMatchObject({ verdict: 'ready' })
    expect(split.validation).toHaveLength(2)
  })

  it.each<[string, unknown, unknown, string]>([
    ['examples of another task', [exampleOf(1, { task: 'topic' })], { task: SPAM }, 'Split one task at a time'],
    [
      'two examples of one prediction',
      [exampleOf(1), exampleOf(1, { time: 9 })],
      { task: SPAM },
      'the latest one only',
    ],
    ['a share of 1', [], { task: SPAM, validationShare: 1 }, 'above 0 and below 1'],
    ['a share that is no number', [], { task: SPAM, validationShare: 'a' }, 'above 0 and below 1'],
    ['a negative minimum', [], { task: SPAM, minimumPerClass: -1 }, 'whole number from 0'],
    ['a groupOf that is no function', [], { task: SPAM, groupOf: 'thread' }, 'as a function'],
    ['no options', [], undefined, 'SplitOptions'],
    ['no list', 7, { task: SPAM }, 'as an array'],
  ])('refuses %s', (_, examples, options, nextStep) => {
    expect(() => splitDataSets(examples as never, options as never)).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining(nextStep) as string }),
    )
  })
})

/** A world: examples that arrive in any order over some generations, some withdrawn later, with few times and few keys so that they collide. */
const worlds = fc.array(
  fc.record({
    time: fc.integer({ min: 0, max: 99 }),
    keys: fc.array(fc.constantFrom(...numbers(1, 52).map((n) => `key ${n}`)), { maxLength: 2 }),
    label: fc.constantFrom('ham', 'spam'),
    generation: fc.integer({ min: 0, max: 3 }),
    withdrawn: fc.integer({ min: 1, max: 8 }),
  }),
  { minLength: 20, maxLength: 60 },
)
const shares = fc.double({ min: 0.05, max: 0.95, noNaN: true })

const shared = (a: readonly string[], b: readonly string[]) => a.filter((item) => new Set(b).has(item))

const arrived = (one: { generation: number; withdrawn: number } | undefined, now: number) =>
  one !== undefined && one.generation <= now && now < one.withdrawn

describe('the laws of the split, over generations', () => {
  it('hold for whatever comes, in whatever order', () => {
    let splits = 0
    fc.assert(
      fc.property(worlds, shares, (world, validationShare) => {
        const examples = world.map(({ time, keys, label }, index) =>
          exampleOf(index + 1, { time, label, features: { keys } }),
        )
        const options = { task: SPAM, groupOf: byKeys, validationShare, minimumPerClass: 0 }
        let history = NO_HISTORY
        const earlier: TrainingExample[] = []
        for (const generation of numbers(0, 3)) {
          const pool = examples.filter((_, index) => arrived(world[index], generation))
          const split = splitDataSets(pool, { ...options, history })
          // Deterministic, and blind to the order of the examples.
          expect(splitDataSets(pool.toReversed(), { ...options, history })).toEqual(split)
          const { training, validation, dropped } = split
          // Nobody is lost and nobody is there twice.
          const out = dropped['straddles-cut'] + dropped['group-seen-before']
          const sides = [...training, ...validation]
          expect(new Set(predictions(sides)).size).toBe(sides.length)
          expect(sides.length + out).toBe(pool.length)
          // No key on both sides; none that an earlier set had in validation.
          expect(shared(validation.flatMap(byKeys), [...training, ...earlier].flatMap(byKeys))).toEqual([])
          // Fresh: neither trained on nor validated with before.
          expect(shared(predictions(validation), predictions(earlier))).toEqual([])
          // Validation is strictly newer than training and than all earlier sets.
          const newest = Math.max(...[...training, ...earlier].map(({ time }) => time))
          expect(validation.every(({ time }) => time > newest)).toBe(true)
          expect(split.history === history).toBe(split.verdict === 'blind')
          if (split.verdict === 'ready') {
            earlier.push(...sides)
            splits += 1
          }
          ;({ history } = split)
        }
      }),
    )
    // Had no world a fair share of splits, the laws would have been kept by doing nothing.
    expect(splits).toBeGreaterThan(50)
  })
})
