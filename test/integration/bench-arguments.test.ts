import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
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

/** By the script itself: what it would install is there, and no benchmark and no test begins. */
const script = (...given: string[]) =>
  spawnSync(process.execPath, ['scripts/starter.mjs', ...given], {
    cwd: join(import.meta.dirname, '../..'),
    encoding: 'utf8',
  })

describe('before anything is installed', () => {
  test.each([
    [['bench', 'nonsense'], /^There is no benchmark nonsense\. Name one of .*loop, overhead, register: /],
    [['bench', '--json'], /^No benchmark is named\. Name one of /],
    [['test', '--hepl'], /^npm test has no option --hepl\.\n\nUsage: npm test/],
  ])('%j is refused with 2, and what there is', (given, message) => {
    const { status, stdout, stderr } = script(...given)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(message)
  })

  test('npm test -- --help prints its usage', () => {
    const { status, stdout } = script('test', '--help')
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^Usage: npm test .*--services/s)])
  })
})
