import { describe, expect, test } from 'vitest'
import { readArguments } from '../src/arguments.ts'

describe('the command line', () => {
  test('has defaults', () => {
    expect(readArguments([])).toEqual({ json: false, once: false, seed: 1, help: false })
  })

  test('takes every option', () => {
    expect(readArguments(['--once', '--json', '--seed', '42'])).toEqual({
      json: true,
      once: true,
      seed: 42,
      help: false,
    })
  })

  test.each(['', 'one', '-1', '1.5', '1e3', '0x1', ' 1', '9'.repeat(16)])('refuses the seed %j', (seed) => {
    expect(() => readArguments([`--seed=${seed}`])).toThrow(
      /^The seed ".*" is no whole number from 0 to 9{15}\. Pass --seed 1/,
    )
  })

  test('refuses a seed below 0 that stands apart, as the seed that it is', () => {
    expect(() => readArguments(['--seed', '-1', '--json'])).toThrow(/^The seed "-1" is no whole number from 0/)
  })

  test.each([[['--sed', '1']], [['--json=yes']], [['--seed']], [['--seed', '--json']], [['extra']]])(
    'refuses %j with the next step',
    (given) => {
      expect(() => readArguments(given)).toThrow(/^[^.\n]+\. Run npm start -- --help for the options\.$/)
    },
  )
})
