import { ERROR_CODES, GroundtraceError } from '@groundtrace/core'
import { expect, test } from 'vitest'

test('the message says the cause and then the next step', () => {
  const error = new GroundtraceError('invalid-task', 'Task "x": a class is named twice', 'Name every class once')
  expect(error.message).toBe('Task "x": a class is named twice. Name every class once.')
  expect(error.code).toBe('invalid-task')
  expect(error.name).toBe('GroundtraceError')
})

test('the error underneath is kept as the cause', () => {
  const underneath = new Error('disk full')
  const error = new GroundtraceError('register-unavailable', 'The store fails', 'Make room', { cause: underneath })
  expect(error.cause).toBe(underneath)
})

test('an error of another copy of the package is recognised', async () => {
  const path: string = '../src/errors.ts?another-copy'
  const copy = (await import(path)) as {
    GroundtraceError: typeof GroundtraceError
  }
  const error = new copy.GroundtraceError('invalid-event', 'Cause', 'Step')
  expect(error).not.toBeInstanceOf(GroundtraceError)
  expect(GroundtraceError.isInstance(error)).toBe(true)
})

test.each([[new Error('x')], [null], [undefined], ['GroundtraceError'], [{ name: 'GroundtraceError' }]])(
  '%o is no error of ours',
  (error) => {
    expect(GroundtraceError.isInstance(error)).toBe(false)
  },
)

test('something that throws when it is looked at is no error of ours', () => {
  const hostile = new Proxy(
    {},
    {
      has() {
        throw new Error('hostile')
      },
    },
  )
  expect(GroundtraceError.isInstance(hostile)).toBe(false)
})

test('no error code stands twice', () => {
  expect(new Set(ERROR_CODES).size).toBe(ERROR_CODES.length)
})
