import { STATISTICS_ERROR_CODES, StatisticsError, wilsonInterval } from '@groundtrace/statistics'
import { expect, test } from 'vitest'

test('an error has a name, a code of the list, and a message of cause and next step', () => {
  const error = new StatisticsError('no-data', 'The current counts are all 0', 'Wait for data')
  expect(error).toBeInstanceOf(Error)
  expect(error.name).toBe('StatisticsError')
  expect(STATISTICS_ERROR_CODES).toContain(error.code)
  expect(error.message).toBe('The current counts are all 0. Wait for data.')
})

test('a long text in a message is cut', () => {
  expect(() => wilsonInterval('x'.repeat(1000) as never, 1)).toThrow(/successes is "x{40}"\. /)
})
