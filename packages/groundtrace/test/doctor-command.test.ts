import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { defineTask, formatTrackingId } from '@groundtrace/core'
import { openSqliteRegister } from '@groundtrace/register'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommandLine, type Ran } from './run-command-line.ts'

let folder = ''
let file = ''
let damaged = ''

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'groundtrace-doctor-'))
  file = join(folder, 'register.db')
  const task = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'] })
  const register = openSqliteRegister({ path: file, tasks: [task] })
  const id = formatTrackingId({ traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' })
  await register.appendPredictions([
    { id, task, model: { name: 'filter', version: '1' }, time: Date.now(), value: 'spam' },
  ])
  await register.recordLoss({ 'queue-full': 3 })
  await register.close()
  damaged = join(folder, 'damaged.db')
  copyFileSync(file, damaged)
  const database = new DatabaseSync(damaged)
  database.exec("UPDATE tallies SET value = 2 WHERE name = 'predictions'")
  database.close()
})

afterAll(() => rmSync(folder, { recursive: true }))

const run = (...arguments_: string[]): Promise<Ran> => runCommandLine(arguments_, { GROUNDTRACE_REGISTER: file })

test.each([[[]], [['--full']]])(
  'a register in order exits with 0, each check with ok on its line (%j)',
  async (given) => {
    const { code, out } = await run('doctor', ...given)
    expect(out.split('\n').filter((line) => !/^ok {6}[a-z ]+ {2}\S/.test(line))).toEqual([])
    expect(out).toMatch(/^ok +losses +so far 3 queue-full$/m)
    expect(code).toBe(0)
  },
)

test('a register with something wrong exits with 1, with cause and next step', async () => {
  const { code, out } = await run('doctor', '-r', damaged)
  expect(code).toBe(1)
  expect(out).toMatch(/^not ok {2}tallies +predictions says 2, and there are 1\n +Totals, and metrics .*\.$/m)
})

test('--json prints the same as a list', async () => {
  const { code, out } = await run('doctor', '-r', damaged, '--json')
  expect(code).toBe(1)
  const findings = JSON.parse(out) as readonly { check: string; ok: boolean }[]
  expect(findings.filter(({ ok }) => !ok)).toMatchObject([{ check: 'tallies' }])
})

test('a register that is not there exits with 1, wrong usage with 2', async () => {
  expect(await run('doctor', '-r', join(folder, 'none.db'))).toMatchObject({ code: 1, out: '' })
  expect(await run('doctor', '-r', 'mysql://db/groundtrace')).toMatchObject({ code: 2, out: '' })
  expect(await run('doctor', 'register.db')).toMatchObject({ code: 2, out: '' })
})
