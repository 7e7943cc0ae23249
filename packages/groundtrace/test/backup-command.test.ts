import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineTask, formatTrackingId, type Prediction } from '@groundtrace/core'
import { openSqliteRegister } from '@groundtrace/register'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommandLine, type Ran } from './run-command-line.ts'

const task = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'] })
const predictionOf = (place: number): Prediction => ({
  id: formatTrackingId({
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    spanId: (place + 1).toString(16).padStart(16, '0'),
  }),
  task,
  model: { name: 'filter', version: '1' },
  time: Date.UTC(2026, 0, 2),
  value: 'spam',
})

let folder = ''
let file = ''

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'groundtrace-backup-'))
  file = join(folder, 'register.db')
  const register = openSqliteRegister({ path: file, tasks: [task] })
  await register.appendPredictions([predictionOf(0), predictionOf(1)])
  await register.close()
})

afterAll(() => rmSync(folder, { recursive: true }))

const run = (...arguments_: string[]): Promise<Ran> => runCommandLine(arguments_, { GROUNDTRACE_REGISTER: file })

test('a backup is a register with the same lines, for its owner only, and nothing else is left', async () => {
  const to = join(folder, "bob's copy.db")
  const { code, out } = await run('backup', to, '--json')
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ file: to, bytes: statSync(to).size, totals: { predictions: 2 } })
  expect(statSync(to).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder).filter((name) => name.startsWith('bob'))).toEqual(["bob's copy.db"])
  const shown = await run('predictions', '-r', to, '--json')
  expect(shown.out).toBe((await run('predictions', '--json')).out)
})

test('a service that has the register open for writing goes on, and its backup can be written to', async () => {
  const path = join(folder, 'written.db')
  const to = join(folder, 'written-copy.db')
  const register = openSqliteRegister({ path, tasks: [task] })
  await register.appendPredictions([predictionOf(0)])
  const [backup] = await Promise.all([run('backup', to, '-r', path), register.appendPredictions([predictionOf(1)])])
  await register.appendPredictions([predictionOf(2)])
  expect(backup.code).toBe(0)
  expect((await register.totals()).predictions).toBe(3)
  await register.close()
  const restored = openSqliteRegister({ path: to, tasks: [task] })
  const receipts = await restored.appendPredictions([predictionOf(0), predictionOf(7)])
  expect(receipts.map(({ status }) => status)).toEqual(['duplicate', 'stored'])
  await restored.close()
})

test('a file that is there is left alone', async () => {
  const to = join(folder, 'letter.txt')
  writeFileSync(to, 'Dear register')
  const { code, error } = await run('backup', to)
  expect(code).toBe(1)
  expect(error).toMatch(/letter\.txt is there already\. Name a new file/)
  expect(readFileSync(to, 'utf8')).toBe('Dear register')
})

test('a folder that is not there is named, with the next step', async () => {
  const { code, error } = await run('backup', join(folder, 'none', 'copy.db'))
  expect(code).toBe(1)
  expect(error).toMatch(/The folder of .*none.copy\.db is missing\. Create it/)
})

test('a folder is called a folder, with the next step', async () => {
  const { code, error } = await run('backup', folder)
  expect([code, error]).toEqual([1, `${folder} is a folder. Name a new file in it.`])
})

test('of a damaged register nothing is left that looks like a backup', async () => {
  const path = join(folder, 'damaged.db')
  const whole = readFileSync(file)
  writeFileSync(path, whole.subarray(0, Math.floor(whole.length / 2)))
  const to = join(folder, 'damaged-copy.db')
  const { code, error } = await run('backup', to, '-r', path)
  expect(code).toBe(1)
  expect(error).toMatch(/damaged/)
  expect(readdirSync(folder).filter((name) => name.startsWith('damaged-copy'))).toEqual([])
})

test('for PostgreSQL the command of its own tool is told, without the password, and the exit code is 2', async () => {
  const { code, out, error } = await run('backup', 'my copy.dump', '-r', 'postgres://me:secret@db.internal/groundtrace')
  expect([code, out]).toEqual([2, ''])
  expect(error).toContain(
    "pg_dump --format=custom --schema=groundtrace --file='my copy.dump' postgres://me@db.internal/groundtrace",
  )
  expect(error).not.toContain('secret')
})
