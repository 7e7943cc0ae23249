import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { defineTask, type Register } from '@groundtrace/core'
import { describe, expect, it } from 'vitest'
import { examineSqliteRegister } from '../../src/sqlite.ts'
import { openSqliteRegister, type SqliteRegisterOptions } from '../../src/index.ts'
import { id, prediction, rated, SPAM, TASKS } from '../../src/testing/fixtures.ts'
import { temporaryFolder, temporaryPath } from '../temporary-folder.ts'

/** A register's. */
const PAGE_BYTES = 16_384
const rights = (file: string): number => statSync(file).mode & 0o777
const opening = (options: unknown) => (): Register => openSqliteRegister(options as SqliteRegisterOptions)
const failure = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) })

describe('opening a register file', () => {
  it('says that the folder is missing, and what to do', () => {
    const path = join(temporaryFolder(), 'missing', 'register.db')
    expect(opening({ path })).toThrow(
      failure('register-unavailable', /The folder of .* is missing\. Create its folder/),
    )
  })

  it('says that there is nothing to read', () => {
    expect(opening({ path: temporaryPath(), readOnly: true })).toThrow(
      failure('register-unavailable', /There is no register file .*\. Check the path/),
    )
  })

  it('does not take a folder for a file', () => {
    expect(opening({ path: temporaryFolder() })).toThrow(
      failure('register-unavailable', /is a folder\. Pass the path of a register file in it/),
    )
  })

  it.each([
    ['text', Buffer.from('no database at all, but long enough to look like one'.repeat(50))],
    ['a few bytes', Buffer.from('abc')],
    ['a damaged database', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(5000, 0xff)])],
  ])('refuses a file of %s', (_, content) => {
    const path = temporaryPath()
    writeFileSync(path, content)
    for (const readOnly of [false, true]) {
      expect(opening({ path, readOnly })).toThrow(failure('register-incompatible', /no register.*\. Pass .*path/))
    }
  })

  it.each([
    ['caller', 'opened for writing', false],
    ['own', 'opened for reading', true],
  ] as const)('refuses a register that is damaged beyond its schema: thread %s, %s', async (thread, _, readOnly) => {
    const path = temporaryPath()
    await openSqliteRegister({ path, tasks: TASKS }).close()
    const database = new DatabaseSync(path)
    const page = database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'consent_key'").get()?.['rootpage']
    database.close()
    const content = readFileSync(path)
    writeFileSync(path, content.fill(0xff, (Number(page) - 1) * PAGE_BYTES, Number(page) * PAGE_BYTES))
    const damaged = /register\.db is damaged \(.*\)\. Run groundtrace doctor .* restore the newest backup/
    expect(opening({ path, thread, readOnly })).toThrow(failure('register-incompatible', damaged))
  })

  it('leaves nothing beside a database of something else, whose log that would be', () => {
    const path = temporaryPath()
    const database = new DatabaseSync(path)
    database.exec('PRAGMA journal_mode = WAL; CREATE TABLE letters (id)')
    database.close()
    for (const readOnly of [false, true]) {
      expect(opening({ path, readOnly })).toThrow(failure('register-incompatible', /no register/))
    }
    expect(examineSqliteRegister({ path })).toMatchObject([{ check: 'schema', ok: false }])
    expect(readdirSync(dirname(path))).toEqual([basename(path)])
  })

  it('makes a register of a database in which nothing is yet, as one has that is made just now', async () => {
    const path = temporaryPath()
    const database = new DatabaseSync(path)
    database.exec('PRAGMA journal_mode = WAL')
    database.close()
    const register = openSqliteRegister({ path })
    expect((await register.totals()).predictions).toBe(0)
    await register.close()
  })

  it('refuses a SQLite file of something else, and leaves it as it was', () => {
    const path = temporaryPath()
    const database = new DatabaseSync(path)
    database.exec('CREATE TABLE predictions (id)')
    expect(opening({ path })).toThrow(failure('register-incompatible', /no register/))
    const tables = database.prepare('SELECT name FROM sqlite_schema').all()
    expect(tables.map((row) => row['name'])).toEqual(['predictions'])
    expect(database.prepare('PRAGMA journal_mode').get()?.['journal_mode']).toBe('delete')
    database.close()
  })

  it('makes a register of an empty file', async () => {
    const path = temporaryPath()
    writeFileSync(path, '')
    const register = openSqliteRegister({ path })
    expect((await register.totals()).predictions).toBe(0)
    await register.close()
  })

  it.each([
    ['no options', undefined],
    ['no path', {}],
    ['an empty path, which SQLite takes for a temporary file', { path: '' }],
    ['a path with NUL', { path: 'a\0b' }],
    ['a clock that is none', { path: ':memory:', now: 7 }],
    ['a clock that tells no time', { path: ':memory:', now: () => Number.NaN }],
    ['orphans that wait for no time', { path: ':memory:', orphanSeconds: 0 }],
    ['an unknown durability', { path: ':memory:', durability: 'sometimes' }],
    ['a negative wait', { path: ':memory:', busyTimeoutMs: -1 }],
    ['tasks that are no list', { path: ':memory:', tasks: SPAM }],
    ['memory for reading only', { path: ':memory:', readOnly: true }],
  ])('refuses %s', (_, options) => {
    expect(opening(options)).toThrow(failure('invalid-argument', /\. .+\.$/))
  })

  it('makes the file, and its log, for its owner only, and leaves the rights of one that is there', async () => {
    const path = temporaryPath()
    const register = openSqliteRegister({ path, tasks: TASKS })
    await register.appendPredictions([prediction(1)])
    for (const file of [path, `${path}-wal`, `${path}-shm`].filter(existsSync)) expect(rights(file)).toBe(0o600)
    await register.close()
    chmodSync(path, 0o640)
    await openSqliteRegister({ path }).close()
    expect(rights(path)).toBe(0o640)
  })

  it('refuses a task that is none', () => {
    expect(opening({ path: ':memory:', tasks: [{ name: 'x y', kind: 'binary' }] })).toThrow(
      failure('invalid-task', /./),
    )
  })

  it('reads a path as a path, whatever it looks like', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'file:odd?mode=memory'))
    const path = join(folder, 'file:odd?mode=memory', 'a b#%.db')
    const register = openSqliteRegister({ path, tasks: TASKS })
    await register.appendPredictions([prediction(1)])
    await register.close()
    const again = openSqliteRegister({ path })
    expect((await again.totals()).predictions).toBe(1)
    await again.close()
  })

  it('tells what survives a loss of power', async () => {
    const path = temporaryPath()
    for (const [options, survives] of [
      [{ path }, false],
      [{ path, durability: 'power' }, true],
      [{ path: ':memory:', durability: 'power' }, false],
    ] as const) {
      const register = openSqliteRegister(options)
      expect(register.capabilities).toEqual({ sharedWriters: false, survivesPowerLoss: survives })
      await register.close()
    }
  })
})

describe('a register for reading only', () => {
  it('reads beside a process that writes, without being told of tasks', async () => {
    const path = temporaryPath()
    const writer = openSqliteRegister({ path, tasks: TASKS })
    await writer.appendPredictions([prediction(1)])
    const reader = openSqliteRegister({ path, readOnly: true })
    expect(await reader.prediction(id(1))).toEqual(prediction(1))
    await writer.appendFeedback([rated(101, 1, false)])
    expect(await reader.outcomesOf(id(1))).toMatchObject([{ label: 'ham' }])
    await writer.close()
    expect((await reader.totals()).feedback.stored).toBe(1)
    await reader.close()
  })

  it('reads a register that nobody writes', async () => {
    const path = temporaryPath()
    const writer = openSqliteRegister({ path, tasks: TASKS })
    await writer.appendPredictions([prediction(1)])
    await writer.close()
    const reader = openSqliteRegister({ path, readOnly: true, tasks: [defineTask({ ...SPAM, tolerance: 1 })] })
    expect((await reader.prediction(id(1)))?.task).toEqual(SPAM)
    await reader.close()
  })

  it('writes nothing', async () => {
    const path = temporaryPath()
    await openSqliteRegister({ path, tasks: TASKS }).close()
    const reader = openSqliteRegister({ path, readOnly: true })
    const writes = [
      () => reader.appendPredictions([prediction(1)]),
      () => reader.appendFeedback([rated(101, 1, true)]),
      () => reader.appendLineage([]),
      () => reader.closeHorizons({ now: 0 }),
      () => reader.advance('a', 'predictions', () => []),
      () => reader.recordLoss({ reason: 1 }),
      () => reader.erase([id(1)]),
    ]
    for (const write of writes) {
      await expect(write()).rejects.toThrow(failure('register-unavailable', /Open it without readOnly/))
    }
    await reader.close()
  })
})
