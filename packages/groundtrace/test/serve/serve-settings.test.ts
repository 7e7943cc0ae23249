import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GroundtraceError } from '@groundtrace/core'
import { afterAll, describe, expect, test } from 'vitest'
import { serveSettings, type ServeFlags } from '../../src/serve/serve-settings.ts'
import { WrongUsage } from '../../src/wrong-usage.ts'

const folder = mkdtempSync(join(tmpdir(), 'groundtrace-settings-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const TOKENS = ['first', 'second', 'third', 'fourth'].map((name) => `the-${name}-of-the-tokens`)

test('has a default for everything: this machine only, and what survives a power cut', () => {
  expect(serveSettings({}, {})).toEqual({
    where: 'groundtrace.db',
    host: '127.0.0.1',
    port: 4318,
    tasks: [],
    tokens: [],
    durability: 'power',
    horizonSeconds: 60,
  })
})

test('takes flags before the environment', () => {
  const environment = { GROUNDTRACE_REGISTER: 'e.db', GROUNDTRACE_HOST: '::1', GROUNDTRACE_PORT: '1' }
  expect(serveSettings({}, environment)).toMatchObject({ where: 'e.db', host: '::1', port: 1 })
  const flags = { register: 'f.db', host: 'localhost', port: '0', durability: 'process', horizons: '0' }
  expect(serveSettings(flags, environment)).toMatchObject({
    where: 'f.db',
    host: 'localhost',
    port: 0,
    durability: 'process',
    horizonSeconds: 0,
  })
})

const kept = (keep: string) => serveSettings({ keep }, { GROUNDTRACE_KEEP: '1h' }).retention

test('reads for how long predictions are kept: those of one task, of all others, or both', () => {
  const day = 24 * 3_600_000
  expect(kept('365d')).toEqual({ others: 365 * day, byTask: new Map() })
  expect(kept('triage=36h')).toEqual({ byTask: new Map([['triage', 1.5 * day]]) })
  expect(kept('fraud=104w, 365d ,triage=30d')).toEqual({
    others: 365 * day,
    byTask: new Map([
      ['fraud', 728 * day],
      ['triage', 30 * day],
    ]),
  })
  expect(serveSettings({}, { GROUNDTRACE_KEEP: '1h' }).retention).toEqual({ others: day / 24, byTask: new Map() })
})

test.each([
  '',
  '365',
  '0d',
  '1y',
  '-1d',
  '=30d',
  'two words=30d',
  'triage=',
  'a=1d=2d',
  '30d,',
  '30d,40d',
  'a=1d,a=1d',
])('refuses to keep predictions for %j', (keep) => {
  expect(() => serveSettings({ keep }, {})).toThrow(WrongUsage)
  expect(() => serveSettings({}, { GROUNDTRACE_KEEP: keep })).toThrow(/GROUNDTRACE_KEEP .* Give /)
})

test('reads tasks, and tokens from a file and from the environment', () => {
  const tasks = file('tasks.json', '[{"name":"spam","kind":"binary","classes":["ham","spam"]}]')
  const tokens = file('tokens', `\n ${TOKENS[0]} \n\n${TOKENS[1]}\n`)
  const settings = serveSettings({ tasks, tokens }, { GROUNDTRACE_TOKENS: ` ${TOKENS[2]},,${TOKENS[3]} ` })
  expect(settings.tasks).toMatchObject([{ name: 'spam', classes: ['ham', 'spam'] }])
  expect(settings.tokens).toEqual(TOKENS)
})

describe('lets nobody write unasked from other machines', () => {
  test.each(['0.0.0.0', '::', '192.168.1.7', 'example.com', '127.0.0.1.example.com'])('%s', (host) => {
    expect(() => serveSettings({ host }, {})).toThrow(WrongUsage)
    expect(serveSettings({ host, open: true }, {}).host).toBe(host)
    expect(serveSettings({ host }, { GROUNDTRACE_TOKENS: TOKENS[0] }).host).toBe(host)
  })

  test.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('%s is this machine', (host) => {
    expect(serveSettings({ host }, {}).host).toBe(host)
  })
})

describe('refuses', () => {
  test.each<[string, ServeFlags]>([
    ['a port below 0', { port: '-1' }],
    ['a port that is no number', { port: '0x50' }],
    ['an empty port', { port: '' }],
    ['a time longer than a timer can wait', { horizons: '2147484' }],
    ['a durability that is none', { durability: 'POWER' }],
    ['a durability of a database', { register: 'postgres://host/base', durability: 'power' }],
  ])('%s as wrong usage', (_, flags) => {
    expect(() => serveSettings(flags, {})).toThrow(WrongUsage)
  })

  test.each([
    [{ port: 'abc' }, {}, /^--port "abc" is not a whole number/],
    [{}, { GROUNDTRACE_PORT: 'abc' }, /^GROUNDTRACE_PORT "abc" is not a whole number/],
  ])('what is wrong by the name of what said it: %j', (flags, environment, message) => {
    expect(() => serveSettings(flags, environment)).toThrow(message)
  })

  test.each<[string, () => ServeFlags, RegExp]>([
    ['a file that is not there', () => ({ tasks: join(folder, 'none') }), /none is not there\. Check --tasks\.$/],
    ['a folder', () => ({ tokens: folder }), /is a folder\. Check --tokens\.$/],
    ['tasks that are no JSON', () => ({ tasks: file('a', '[{]') }), /file .*a is no JSON \(.* position 2 .*\)\. Write/],
    ['tasks that are no list', () => ({ tasks: file('b', '{}') }), /holds no list\. Put its task in brackets/],
    [
      'a task that is none',
      () => ({
        tasks: file('c', '[{"name":"spam","kind":"binary","classes":["a","b"]},{"name":"x y","kind":"binary"}]'),
      }),
      /^Task 2 of .*c: .*not a bounded word/,
    ],
    ['a tokens file without tokens', () => ({ tokens: file('d', '\n \n') }), /is empty/],
    [
      'a token that is too short',
      () => ({ tokens: file('e', `${TOKENS[0]}\nshort`) }),
      /^The token in line 2 of .*e has 5 characters, and not 16 to 512\. Make one/,
    ],
    [
      'a token with a space',
      () => ({ tokens: file('f', 'a token with some spaces') }),
      /^The token in line 1 of .*f has a character beside letters/,
    ],
  ])('%s', (_, flags, message) => {
    expect(() => serveSettings(flags(), {})).toThrow(message)
    expect(() => serveSettings(flags(), {})).toThrow(GroundtraceError)
  })

  test('a token of the environment, by its place and without showing it', () => {
    const environment = { GROUNDTRACE_TOKENS: `${TOKENS[0]},geheim` }
    expect(() => serveSettings({}, environment)).toThrow(/^The token in place 2 of GROUNDTRACE_TOKENS has 6 characters/)
    expect(() => serveSettings({}, environment)).not.toThrow(/geheim/)
  })
})
