import { tracePrediction } from '@groundtrace/instrumentation'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Description } from '../src/description.ts'
import { record } from './recording.ts'
import { FILTERED, SPAM } from './spam-filter.ts'

const FAULT = new Error('not yours')
const fail = (): never => {
  throw FAULT
}
const cyclic: Record<string, unknown> = { list: [] }
cyclic['self'] = cyclic
;(cyclic['list'] as unknown[]).push(cyclic)

const hostile = new Proxy(fail, {
  get: fail,
  has: fail,
  ownKeys: fail,
  getOwnPropertyDescriptor: fail,
  getPrototypeOf: fail,
  apply: fail,
})
const unreadable: readonly unknown[] = [
  Symbol('any'),
  cyclic,
  fail,
  hostile,
  { toString: fail, valueOf: fail, toJSON: fail },
  Object.defineProperty({}, 'value', { get: fail, enumerable: true }),
  Object.freeze([Object.freeze({})]),
  [hostile],
  Promise.resolve({ value: 'ham' }),
  new WeakMap(),
]

/** Makes whatever a program may hold; in a function, for fast-check itself looks at what it is given. */
const thing: fc.Arbitrary<() => unknown> = fc.oneof(
  fc
    .anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withSparseArray: true,
      withNullPrototype: true,
      withObjectString: true,
    })
    .map((value) => () => value),
  fc.nat(unreadable.length - 1).map((index) => () => unreadable[index]),
)

/** Predicts once, with a describe that returns something. */
async function predict(description: unknown) {
  const answer = Object.freeze({ label: 'ham' })
  const { pipeline, records } = record(SPAM)
  const tracked = tracePrediction(() => answer, {
    ...FILTERED,
    pipeline,
    features: { '*': 'keep' },
    describe: () => description as Description,
  })
  const { value } = await tracked()
  const lost = Object.values(pipeline.loss()).reduce((sum, count) => sum + count, 0)
  return { isSame: value === answer, told: records.length, lost, droppedFields: pipeline.droppedFields() }
}

describe('whatever describe says', () => {
  test('the answer comes through, and the event is emitted or counted as lost', async () => {
    await fc.assert(
      fc.asyncProperty(thing, async (description) => {
        const { isSame, told, lost } = await predict(description())
        expect(isSame).toBe(true)
        expect(told + lost).toBe(1)
      }),
    )
  })

  test.each(['scores', 'features', 'slices', 'entity', 'user', 'policy', 'parent'])(
    'of %s, the answer comes through, and the event is emitted or counted as lost',
    async (field) => {
      await fc.assert(
        fc.asyncProperty(thing, async (said) => {
          const { isSame, told, lost } = await predict({ value: 'ham', [field]: said() })
          expect(isSame).toBe(true)
          expect(told + lost).toBe(1)
        }),
      )
    },
  )

  test.each(['scores', 'features', 'slices'])('of one entry of %s, likewise', async (field) => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), thing, async (name, said) => {
        const { isSame, told, lost } = await predict({ value: 'ham', [field]: { [name]: said() } })
        expect(isSame).toBe(true)
        expect(told + lost).toBe(1)
      }),
    )
  })
})

describe('whatever is given and answered', () => {
  test('comes through as it is, with this, and is one event', async () => {
    await fc.assert(
      fc.asyncProperty(thing, thing, async (giving, answering) => {
        const given = giving()
        const answered = answering()
        const { pipeline, records } = record(SPAM)
        const box = { answered }
        const seen: unknown[] = []
        const model = {
          predict: tracePrediction(
            function (this: unknown, ...args: unknown[]) {
              seen.push(this, ...args)
              return box
            },
            { ...FILTERED, pipeline, describe: () => ({ value: 'ham' }) },
          ),
        }
        const { value } = await model.predict(given)
        expect(value === box && value.answered === answered).toBe(true)
        expect([seen.length, seen[0] === model, seen[1] === given]).toEqual([2, true, true])
        expect(records).toHaveLength(1)
      }),
    )
  })

  test('is thrown as it is, and is one event', async () => {
    await fc.assert(
      fc.asyncProperty(thing, fc.boolean(), async (making, isAsync) => {
        const thrown = making()
        const { pipeline, records } = record(SPAM)
        const throwing = (): never => {
          throw thrown
        }
        const tracked = tracePrediction(isAsync ? async () => throwing() : throwing, {
          ...FILTERED,
          pipeline,
          describe: () => ({ value: 'ham' }),
        })
        const caught = await tracked().then(
          () => ({ thrown: 'nothing' }),
          (reason: unknown) => ({ thrown: reason }),
        )
        expect(caught.thrown === thrown).toBe(true)
        expect(records).toHaveLength(1)
      }),
    )
  })
})
