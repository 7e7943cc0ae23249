import { describe, expect, test } from 'vitest'
import { readBenchArguments } from '../bench/arguments.ts'

const NAMES = ['loop', 'register']

describe('the command line of npm run bench', () => {
  test('takes one benchmark and its options', () => {
    expect(readBenchArguments(['loop'], NAMES)).toEqual({ json: false, full: false, name: 'loop' })
    expect(readBenchArguments(['--json', 'register', '--full'], NAMES)).toEqual({
      json: true,
      full: true,
      name: 'register',
    })
  })

  test('asks for the usage with --help', () => {
    expect(readBenchArguments(['--help'], NAMES)).toMatchObject({ name: undefined })
  })

  test.each([
    [[], 'No benchmark is named'],
    [['unknown'], 'There is no benchmark unknown'],
    [['toString'], 'There is no benchmark toString'],
    [['loop', 'register'], '2 benchmarks are named, and a run takes one'],
    [['loop', '--ful'], "Unknown option '--ful'"],
    [['loop', '--json=yes'], "Option '--json' does not take an argument"],
  ])('%j is told as: %s', (given, cause) => {
    expect(readBenchArguments(given, NAMES)).toBe(cause)
  })
})
