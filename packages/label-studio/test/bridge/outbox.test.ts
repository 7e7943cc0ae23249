import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { feedbackId, type Feedback } from '@groundtrace/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { answerBook } from '../../src/bridge/answer-book.ts'
import { openOutbox, type Outbox } from '../../src/bridge/outbox.ts'
import { trackingIdOf } from './bridge-world.ts'

let folder: string
let path: string
const opened: Outbox[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'groundtrace-outbox-'))
  path = join(folder, 'outbox.db')
})
afterEach(() => {
  for (const outbox of opened.splice(0)) outbox.close()
  rmSync(folder, { recursive: true, force: true })
})

function open(options: Partial<Parameters<typeof openOutbox>[0]> = {}): Outbox {
  const outbox = openOutbox({ path, ...options })
  opened.push(outbox)
  return outbox
}

const line = (key: string): Feedback => ({
  id: feedbackId('crowd', key),
  target: { prediction: trackingIdOf(1) },
  time: 1,
  source: 'crowd',
  kind: 'annotation',
  label: 'spam',
  by: 'crowd',
})

test('only its owner can read an outbox', () => {
  open()
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('a second writer is refused in clear words, and readers are not', () => {
  const writer = open()
  writer.units.plan([{ prediction: trackingIdOf(1), project: 'crowd', reason: 'random' }])
  expect(() => open()).toThrow(
    expect.objectContaining({
      code: 'outbox-busy',
      message: expect.stringContaining('Let one process run the bridge'),
    }),
  )
  expect(open({ readOnly: true }).units.counts()).toMatchObject([{ units: 1 }])
  writer.close()
  expect(open().units.counts()).toMatchObject([{ units: 1 }])
})

test('the lock of a process that was killed is free', () => {
  const program = `
    import { openOutbox } from '${join(import.meta.dirname, '../../src/bridge/outbox.ts')}'
    openOutbox({ path: ${JSON.stringify(path)} })
    process.kill(process.pid, 'SIGKILL')`
  const { signal, stderr } = spawnSync(
    process.execPath,
    ['--conditions=source', '--input-type=module', '-e', program],
    { encoding: 'utf8', cwd: import.meta.dirname },
  )
  expect([signal, stderr.replace(/.*ExperimentalWarning.*\n.*\n/, '')]).toEqual(['SIGKILL', ''])
  expect(open().units.counts()).toEqual([])
})

test.each([
  [
    'a register',
    (database: DatabaseSync) => database.exec('PRAGMA application_id = 1; CREATE TABLE a (b)'),
    'no outbox',
  ],
  [
    'an outbox of a newer version',
    (database: DatabaseSync) => {
      open().close()
      database.exec(`INSERT INTO schema_versions VALUES (99, 'later', 0)`)
    },
    'Update Groundtrace',
  ],
])('%s is refused', (_, make, words) => {
  const database = new DatabaseSync(path)
  make(database)
  database.close()
  expect(() => open()).toThrow(
    expect.objectContaining({ code: 'outbox-incompatible', message: expect.stringContaining(words) }),
  )
})

test.each([[''], [undefined], ['a\0b']])('path %j is refused', (wrong) => {
  expect(() => open({ path: wrong as string })).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
})

test('a folder that is not there is told of', () => {
  expect(() => open({ path: join(folder, 'missing', 'outbox.db') })).toThrow(
    expect.objectContaining({ code: 'outbox-unavailable', message: expect.stringContaining('Create its folder') }),
  )
})

test('what a reader of the book has come to and what follows from it are stored together, and once', () => {
  const outbox = open()
  outbox.units.plan([{ prediction: trackingIdOf(1), project: 'crowd', reason: 'random' }])
  const [unit] = outbox.units.after(0, 1)
  const reading = { annotation: 4, created: 'a', updated: 'a', content: { annotator: 1, skipped: false, result: [] } }
  outbox.answers.take(unit?.id ?? 0, reading)
  const book = answerBook(outbox)
  const { changes, position } = book.changes({ after: book.position('truth') })
  expect(changes).toMatchObject([{ kind: 'given', content: { annotator: 1 }, unit: { prediction: trackingIdOf(1) } }])
  const expert = { prediction: trackingIdOf(1), project: 'expert', reason: 'escalation' }
  book.advance('truth', position, [line('1'), line('2')], [expert])
  book.advance('truth', position, [line('1')], [expert])
  expect(book.changes({ after: book.position('truth') }).changes).toEqual([])
  expect(outbox.feedback.counts()).toEqual({ waiting: 2 })
  expect(book.unitsOf(trackingIdOf(1)).map(({ unit: { project, reason } }) => [project, reason])).toEqual([
    ['crowd', 'random'],
    ['expert', 'escalation'],
  ])
  expect(() => book.advance('truth', position + 1, [line('3')])).toThrow(
    expect.objectContaining({ code: 'invalid-argument' }),
  )
  expect(outbox.feedback.counts()).toEqual({ waiting: 2 })
})

test('feedback whose receipt was lost is appended again, and the register tells that it has it', async () => {
  const outbox = open()
  outbox.feedback.put([line('1'), line('2')])
  const kept = new Set<string>()
  let answers = false
  const register = {
    async appendFeedback(lines: readonly Feedback[]) {
      const receipts = lines.map(({ id }) => ({
        id,
        status: kept.has(id) ? ('duplicate' as const) : ('stored' as const),
      }))
      for (const { id } of lines) kept.add(id)
      if (!answers) throw new Error('answer lost')
      return receipts
    },
  }
  await expect(outbox.feedback.flush(register)).rejects.toThrow('answer lost')
  expect(outbox.feedback.counts()).toEqual({ waiting: 2 })
  answers = true
  expect(await outbox.feedback.flush(register)).toBe(2)
  expect(await outbox.feedback.flush(register)).toBe(0)
  expect(outbox.feedback.get(line('1').id)).toMatchObject({ receipt: { status: 'duplicate' } })
})

function keys(secret: string | undefined): readonly string[] {
  const outbox = openOutbox({ path: ':memory:', ...(secret !== undefined && { secret }) })
  const projects = ['crowd', 'expert']
  outbox.units.plan(projects.map((project) => ({ prediction: trackingIdOf(1), project, reason: 'random' })))
  return outbox.units.ofPrediction(trackingIdOf(1)).map(({ key }) => key)
}

test('keys of tasks are of the secret: the same for the same unit, and nobody else can tell them', () => {
  const secret = 'sixteen bytes at least'
  expect(keys(secret)).toEqual(keys(secret))
  expect(
    new Set([...keys(secret), ...keys('another secret of ours'), ...keys(undefined), ...keys(undefined)]).size,
  ).toBe(8)
  expect(() => keys('short')).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
})
