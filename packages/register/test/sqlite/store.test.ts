import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { migrate } from '../../src/sqlite/migrate.ts'
import { MIGRATIONS } from '../../src/sqlite/schema.ts'
import { openStore, type Durability, type Store } from '../../src/sqlite/store.ts'
import { temporaryPath } from '../temporary-folder.ts'

const storeAt = (path: string, durability: Durability = 'process'): Store =>
  openStore({ path, readOnly: false, durability, busyTimeoutMs: 0, now: () => 7 })

const value = (store: Store, sql: string): unknown => Object.values(store.prepare(sql).get() ?? {})[0]

describe('a store', () => {
  it('is in WAL mode, overwrites what it deletes, and syncs as its durability asks', () => {
    for (const [durability, synchronous] of [
      ['process', 1],
      ['power', 2],
    ] as const) {
      const store = storeAt(temporaryPath(), durability)
      expect(value(store, 'PRAGMA journal_mode')).toBe('wal')
      expect(value(store, 'PRAGMA secure_delete')).toBe(1)
      // https://sqlite.org/pragma.html#pragma_synchronous: 1 is NORMAL, 2 is FULL.
      expect(value(store, 'PRAGMA synchronous')).toBe(synchronous)
      expect(value(store, 'PRAGMA foreign_keys')).toBe(1)
      store.close()
    }
  })

  it('stores all of a transaction or nothing', () => {
    const store = storeAt(':memory:')
    const insert = store.prepare('INSERT INTO loss VALUES (?, ?)')
    const fail = (): never => {
      insert.run('half', 1)
      throw new RangeError('on the way')
    }
    expect(() => store.write(fail)).toThrow('on the way')
    expect(value(store, 'SELECT count(*) FROM loss')).toBe(0)
    store.write(() => insert.run('whole', 1))
    expect(value(store, 'SELECT count(*) FROM loss')).toBe(1)
  })

  it('says so when the disk is full, keeps what was there, and goes on when there is room again', () => {
    const path = temporaryPath()
    const store = storeAt(path)
    const insert = store.prepare('INSERT INTO loss VALUES (?, ?)')
    store.write(() => insert.run('before', 1))
    store.prepare(`PRAGMA max_page_count = ${Number(value(store, 'PRAGMA page_count'))}`).get()
    const fill = (): void => {
      for (let row = 0; row < 5000; row += 1) insert.run(`a reason of some length ${row}`, row)
    }
    expect(() => store.write(fill)).toThrow(
      expect.objectContaining({
        code: 'register-unavailable',
        message: expect.stringMatching(/register\.db.*Free disk space.*nothing of this call/s),
      }),
    )
    expect(value(store, 'SELECT count(*) FROM loss')).toBe(1)
    store.prepare('PRAGMA max_page_count = 1000000').get()
    store.write(fill)
    expect(value(store, 'SELECT count(*) FROM loss')).toBe(5001)
    store.close()
  })

  it('forgets what it knew after a rollback and after another process wrote, and not otherwise', () => {
    const path = temporaryPath()
    const store = storeAt(path)
    let forgotten = 0
    store.onStale(() => (forgotten += 1))
    store.write(() => undefined)
    store.read(() => undefined)
    expect(forgotten).toBe(0)
    expect(() =>
      store.write(() => {
        throw new RangeError('undone')
      }),
    ).toThrow('undone')
    expect(forgotten).toBe(1)
    const other = storeAt(path)
    other.write(() => other.prepare('INSERT INTO loss VALUES (?, ?)').run('other', 1))
    store.read(() => undefined)
    expect(forgotten).toBe(2)
    store.read(() => undefined)
    expect(forgotten).toBe(2)
    store.close()
    other.close()
  })

  it('is not called from within a call to it', () => {
    const store = storeAt(':memory:')
    const insert = store.prepare('INSERT INTO loss VALUES (?, ?)')
    store.write(() => {
      insert.run('outer', 1)
      expect(() => store.read(() => undefined)).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
    })
    expect(value(store, 'SELECT count(*) FROM loss')).toBe(1)
  })
})

const later = [
  ...MIGRATIONS,
  {
    version: MIGRATIONS.length + 1,
    what: 'one more table',
    sql: 'CREATE TABLE more (a) STRICT; CREATE TABLE less (a);',
  },
]
const better = [...MIGRATIONS, { version: MIGRATIONS.length + 1, what: 'one more table', sql: 'CREATE TABLE more (a)' }]
const options = { path: 'a path', readOnly: false, now: () => 7 }

describe('the schema', () => {
  it('is numbered from 1 without gaps', () => {
    expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, index) => index + 1))
  })

  it('has no table of which the README does not say what it holds, and the README names none that is not there', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    const [, section = ''] = readme.split('## What is kept where')
    const cells = [...section.matchAll(/^\|([^|]*)\|/gm)].flatMap(([, first = '']) => [...first.matchAll(/`(\w+)`/g)])
    const tables = new Set(cells.map(([, name]) => name))
    const store = storeAt(':memory:')
    const there = store
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .all()
    expect(tables).toEqual(new Set(there.map(({ name }) => name)))
    store.close()
  })

  it('is brought up to date step by step, and each step is written down', () => {
    const database = new DatabaseSync(':memory:')
    migrate(database, options)
    migrate(database, { ...options, now: () => 8 }, better)
    migrate(database, { ...options, now: () => 9 }, better)
    const steps = database.prepare('SELECT version, recorded FROM schema_versions ORDER BY version').all()
    expect(steps.map((row) => [row['version'], row['recorded']])).toEqual([
      ...MIGRATIONS.map(({ version }) => [version, 7]),
      [MIGRATIONS.length + 1, 8],
    ])
    expect(database.prepare('SELECT count(*) AS rows FROM more').get()?.['rows']).toBe(0)
  })

  it('stays as it was when a step fails', () => {
    const database = new DatabaseSync(':memory:')
    migrate(database, options)
    // A STRICT table needs types: the step fails at its first statement.
    expect(() => migrate(database, options, later)).toThrow(/more/)
    const tables = database.prepare("SELECT count(*) AS parts FROM sqlite_schema WHERE name IN ('more', 'less')").get()
    expect(tables?.['parts']).toBe(0)
    migrate(database, options, better)
  })

  it('is refused when it is newer than known, and when it is too old to be only read', () => {
    const database = new DatabaseSync(':memory:')
    expect(() => migrate(database, { ...options, readOnly: true })).toThrow(/empty.*without readOnly/)
    migrate(database, options)
    expect(() => migrate(database, { ...options, readOnly: true }, better)).toThrow(
      expect.objectContaining({ code: 'register-incompatible', message: expect.stringMatching(/Open it once/) }),
    )
    migrate(database, options, better)
    expect(() => migrate(database, options)).toThrow(
      expect.objectContaining({ code: 'register-incompatible', message: expect.stringMatching(/Update Groundtrace/) }),
    )
  })
})
