import { expect, test } from 'vitest'
import { errorType } from '../src/error-type.ts'

class QuotaExceeded extends Error {}

test.each([
  ['a built-in error by its name', new TypeError('x'), 'TypeError'],
  ['a plain error as Error', new Error('x'), 'Error'],
  ['a subclass that gave itself no name by its constructor', new QuotaExceeded('x'), 'QuotaExceeded'],
  ['an error that was given a name by that', Object.assign(new Error('x'), { name: 'AbortError' }), 'AbortError'],
  ['a DOM exception by its name', new DOMException('x', 'TimeoutError'), 'TimeoutError'],
  ['a plain object by its constructor', { code: 1 }, 'Object'],
  ['an object without a prototype as other', Object.create(null) as object, '_OTHER'],
  ['a text as other', 'oh no', '_OTHER'],
  ['undefined as other', undefined, '_OTHER'],
  ['null as other', null, '_OTHER'],
  [
    'what was given a message for a name by its class',
    Object.assign(new TypeError('x'), { name: 'No Bob' }),
    'TypeError',
  ],
  [
    'a class whose name is no word as other',
    Object.assign(Object.create({ constructor: { name: 'a b' } }), {}),
    '_OTHER',
  ],
])('names %s', (_, thrown, type) => {
  expect(errorType(thrown)).toBe(type)
})

test('names an object that throws when it is looked at as other', () => {
  const hostile = new Proxy(new Error('x'), {
    get() {
      throw new Error('do not look')
    },
  })
  expect(errorType(hostile)).toBe('_OTHER')
})
