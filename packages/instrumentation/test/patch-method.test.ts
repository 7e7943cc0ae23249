import { describe, expect, test } from 'vitest'
import { patchMethod } from '../src/patch-method.ts'

class Model {
  factor = 2
  predict(input: number): number {
    return input * this.factor
  }
}

/** The method as it is, to be compared and called. */
const methodOf = (owner: object): Method => Object.getOwnPropertyDescriptor(owner, 'predict')?.value as Method

type Method = (this: unknown, ...args: unknown[]) => unknown
const plusOne =
  (original: Method): Method =>
  (...args) =>
    Number(original.apply(new Model(), args)) + 1

/** Keeps what was called, and adds one. */
function counting(calls: unknown[][]): (original: Method) => Method {
  return (original) =>
    function (this: unknown, ...args: unknown[]) {
      calls.push([this, ...args])
      return Number(Reflect.apply(original, this, args)) + 1
    }
}

function fresh(): Model & { readonly prototype: Model } {
  class Fresh extends Model {
    override predict(input: number): number {
      return super.predict(input)
    }
  }
  return Object.assign(new Fresh(), { prototype: Fresh.prototype })
}

test('a patched method gets this and arguments, and looks as before', () => {
  const calls: unknown[][] = []
  const model = fresh()
  const before = Object.getOwnPropertyDescriptor(model.prototype, 'predict')
  patchMethod(model.prototype, 'predict', counting(calls))
  expect(model.predict(5)).toBe(11)
  expect(calls).toEqual([[model, 5]])
  const { value: _, ...attributes } = Object.getOwnPropertyDescriptor(model.prototype, 'predict') ?? {}
  const { value: __, ...expected } = before ?? {}
  expect(attributes).toEqual(expected)
  expect([model.predict.name, model.predict.length]).toEqual(['predict', 1])
})

test('undone, the method is the very one that was there', () => {
  const { prototype } = fresh()
  const original = methodOf(prototype)
  const undo = patchMethod(prototype, 'predict', plusOne)
  expect(methodOf(prototype)).not.toBe(original)
  undo?.()
  expect(methodOf(prototype)).toBe(original)
})

test('undone below a patch of somebody else, theirs stays and ours does nothing', () => {
  const model = fresh()
  const undo = patchMethod(model.prototype, 'predict', counting([]))
  const ours = methodOf(model.prototype)
  model.prototype.predict = function (input) {
    return Number(Reflect.apply(ours, this, [input])) + 100
  }
  expect(model.predict(5)).toBe(111)
  undo?.()
  expect(model.predict(5)).toBe(110)
})

test('patched twice, it is tracked once, by who came last; undone, by who came before', () => {
  const model = fresh()
  const original = methodOf(model.prototype)
  const first: unknown[][] = []
  const second: unknown[][] = []
  const undoFirst = patchMethod(model.prototype, 'predict', counting(first))
  const undoSecond = patchMethod(model.prototype, 'predict', counting(second))
  expect(model.predict(5)).toBe(11)
  expect([first.length, second.length]).toEqual([0, 1])
  undoSecond?.()
  undoSecond?.()
  expect(model.predict(5)).toBe(11)
  expect([first.length, second.length]).toEqual([1, 1])
  undoFirst?.()
  expect(methodOf(model.prototype)).toBe(original)
})

test('undone in the order they came, the last one goes on tracking, and the original comes back with it', () => {
  const model = fresh()
  const original = methodOf(model.prototype)
  const calls: unknown[][] = []
  const undoFirst = patchMethod(model.prototype, 'predict', plusOne)
  const undoSecond = patchMethod(model.prototype, 'predict', counting(calls))
  undoFirst?.()
  model.predict(5)
  expect(calls).toHaveLength(1)
  undoSecond?.()
  expect(methodOf(model.prototype)).toBe(original)
})

test('patched again on top of somebody who stayed, it is tracked once', () => {
  const model = fresh()
  const calls: unknown[][] = []
  const undo = patchMethod(model.prototype, 'predict', counting(calls))
  const ours = methodOf(model.prototype)
  model.prototype.predict = function (input) {
    return Number(Reflect.apply(ours, this, [input])) + 100
  }
  undo?.()
  patchMethod(model.prototype, 'predict', counting(calls))
  expect(model.predict(5)).toBe(111)
  expect(calls).toHaveLength(1)
})

describe('nothing is patched', () => {
  test.each<[string, object, string]>([
    ['that is not there', {}, 'predict'],
    ['that is inherited', Object.create(Model.prototype) as object, 'predict'],
    ['that is no method', { predict: 1 }, 'predict'],
    ['of an object that may not be changed', Object.freeze({ predict: () => 1 }), 'predict'],
    [
      'that is read by a getter',
      {
        get predict() {
          return () => 1
        },
      },
      'predict',
    ],
  ])('%s', (_, owner, name) => {
    expect(patchMethod(owner, name, plusOne)).toBeUndefined()
  })
})
