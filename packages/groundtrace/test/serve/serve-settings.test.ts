import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GroundtraceError } from '@groundtrace/core'
import { afterAll, describe, expect, test } from 'vitest'
import { serveSettings, WrongUsage, type ServeFlags } from '../../src/serve/serve-settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'groundtrace-settings-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

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

test('reads tasks, and tokens from a file and from the environment', () => {
  const tasks = file('tasks.json', '[{"name":"spam","kind":"binary","classes":["ham","spam"]}]')
  const tokens = file('tokens', '\n first \n\nsecond\n')
  const settings = serveSettings({ tasks, tokens }, { GROUNDTRACE_TOKENS: ' third,,fourth ' })
  expect(settings.tasks).toMatchObject([{ name: 'spam', classes: ['ham', 'spam'] }])
  expect(settings.tokens).toEqual(['first', 'second', 'third', 'fourth'])
})

describe('lets nobody write unasked from other machines', () => {
  test.each(['0.0.0.0', '::', '192.168.1.7', 'example.com', '127.0.0.1.example.com'])('%s', (host) => {
    expect(() => serveSettings({ host }, {})).toThrow(WrongUsage)
    expect(serveSettings({ host, open: true }, {}).host).toBe(host)
    expect(serveSettings({ host }, { GROUNDTRACE_TOKENS: 'a-token' }).host).toBe(host)
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

  test.each<[string, () => ServeFlags, RegExp]>([
    ['a file that is not there', () => ({ tasks: join(folder, 'none') }), /can't be read\. Name another with --tasks/],
    ['a folder', () => ({ tokens: folder }), /can't be read\. Name another with --tokens/],
    ['tasks that are no JSON', () => ({ tasks: file('a', '[') }), /is no JSON/],
    ['tasks that are no list', () => ({ tasks: file('b', '{}') }), /holds no list/],
    ['a task that is none', () => ({ tasks: file('c', '[{"name":"x y","kind":"binary"}]') }), /not a bounded word/],
    ['a tokens file without tokens', () => ({ tokens: file('d', '\n \n') }), /is empty/],
  ])('%s', (_, flags, message) => {
    expect(() => serveSettings(flags(), {})).toThrow(message)
    expect(() => serveSettings(flags(), {})).toThrow(GroundtraceError)
  })
})
