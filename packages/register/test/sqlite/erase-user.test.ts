import { existsSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { Prediction, Register } from '@groundtrace/core'
import { describe, expect, it } from 'vitest'
import { openSqliteRegister } from '../../src/index.ts'
import { entriesOf } from '../../src/sqlite/keys/key-entries.ts'
import { keyHasher, type KeySeed } from '../../src/sqlite/keys/key-hash.ts'
import { prediction, rated, TASKS } from '../../src/testing/fixtures.ts'
import { temporaryPath } from '../temporary-folder.ts'

/** More than are sealed together, and an unsealed rest. */
const LINES = 40_000
const USERS = 400

const forUser = (number: number, user = `user-${number % USERS}`): Prediction =>
  prediction(number, { user, features: { text: 'of somebody' } })

async function append(register: Register, from: number, to: number): Promise<void> {
  for (let number = from; number < to; number += 4000) {
    const many = Math.min(4000, to - number)
    await register.appendPredictions(Array.from({ length: many }, (_, index) => forUser(number + index)))
  }
}

/** Rows that sealed entries of this user lead to, and how many entries there are of all. */
function entries(path: string, user: string): { readonly theirs: ReadonlySet<number>; readonly all: number } {
  const database = new DatabaseSync(path, { readOnly: true })
  const hash = keyHasher(database.prepare('SELECT high, low FROM key_seed').get() as unknown as KeySeed)
  const { high, low } = hash(JSON.stringify(user))
  const all = database
    .prepare(
      'SELECT r.first, p.entries FROM key_runs r JOIN key_pages p ON p.id / 16777216 = r.id WHERE r.key_index = 2',
    )
    .all()
    .flatMap((row) => {
      const page = entriesOf(row['entries'] as Uint8Array)
      return Array.from(page.offset, (offset, at) => ({
        isTheirs: page.high[at] === high && page.low[at] === low,
        position: (row['first'] as number) + offset,
      }))
    })
  database.close()
  return { theirs: new Set(all.flatMap((one) => (one.isTheirs ? [one.position] : []))), all: all.length }
}

const bytes = (path: string): Buffer =>
  Buffer.concat([path, `${path}-wal`].filter((file) => existsSync(file)).map((file) => readFileSync(file)))

describe('erasing a person from a SQLite file', () => {
  it('finds all that is sealed and all that is not, and leaves no pseudonym and no entry that leads to it', async () => {
    const path = temporaryPath()
    const register = openSqliteRegister({ path, tasks: TASKS })
    await append(register, 1, LINES + 1)
    await register.appendFeedback([rated(90_001, 1, true, { user: 'user-7' })])
    expect(entries(path, 'user-7').theirs.size).toBeGreaterThan(80)
    const sealed = entries(path, 'user-7').all

    expect(await register.eraseUser('user-7')).toBe(LINES / USERS + 1)
    expect(entries(path, 'user-7')).toEqual({ theirs: new Set(), all: sealed })
    expect(bytes(path).includes('"user-7"')).toBe(false)
    expect(bytes(path).includes('"user-8"')).toBe(true)
    expect(await register.eraseUser('user-7')).toBe(0)
    // Those beside are found as before.
    expect(await register.eraseUser('user-6')).toBe(LINES / USERS)
    await register.appendPredictions([forUser(LINES + 1, 'user-7')])
    expect(await register.eraseUser('user-7')).toBe(1)
    await register.close()
  })

  it('by prediction, leaves no entry that leads to it either', async () => {
    const path = temporaryPath()
    const register = openSqliteRegister({ path, tasks: TASKS })
    await append(register, 1, LINES + 1)
    const ids = Array.from({ length: LINES / USERS }, (_, index) => forUser(7 + index * USERS).id)
    expect(await register.erase(ids.slice(1))).toBe(ids.length - 1)
    expect(entries(path, 'user-7').theirs).toEqual(new Set([7]))
    expect(await register.eraseUser('user-7')).toBe(1)
    expect(entries(path, 'user-7').theirs).toEqual(new Set())
    await register.close()
  })

  it('seals nothing of a person whom another process erased', async () => {
    const path = temporaryPath()
    const beside = openSqliteRegister({ path, tasks: TASKS, thread: 'caller' })
    await beside.appendPredictions([forUser(1, 'alice'), forUser(2, 'bob')])
    const register = openSqliteRegister({ path, thread: 'caller' })
    expect(await register.eraseUser('alice')).toBe(1)
    await append(beside, 3, LINES)
    expect(entries(path, 'bob').theirs).toEqual(new Set([2]))
    expect(entries(path, 'alice').theirs).toEqual(new Set())
    await Promise.all([register.close(), beside.close()])
  })
})
