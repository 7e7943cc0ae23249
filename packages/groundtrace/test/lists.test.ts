import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineTask, feedbackId, formatTrackingId, type Feedback, type Prediction } from '@groundtrace/core'
import { openSqliteRegister } from '@groundtrace/register'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCommand } from '../src/command.ts'
import { OutputError } from '../src/line-writer.ts'
import { runCommandLine, type Ran } from './run-command-line.ts'

const spam = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'], horizonSeconds: 3600 })
const tone = defineTask({ name: 'tone', kind: 'binary', classes: ['calm', 'cross'], horizonSeconds: 3600 })
const start = Date.UTC(2026, 0, 2)
const HOUR = 3_600_000

const idOf = (place: number) =>
  formatTrackingId({ traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: (place + 1).toString(16).padStart(16, '0') })

const predictionOf = (place: number): Prediction => ({
  id: idOf(place),
  task: spam,
  model: { name: 'filter', version: place % 2 === 0 ? '1' : '2' },
  time: start + place * HOUR,
  value: 'spam',
  features: { excerpt: 'meet me \u001B[2J at nine' },
  user: 'pseudonym-7',
})
/** By versions 1 and 2 in turn, one each hour. */
const first = predictionOf(0)
const predictions: readonly Prediction[] = [first, predictionOf(1), predictionOf(2), predictionOf(3)]
const toned: Prediction = {
  ...first,
  id: idOf(9),
  task: tone,
  model: { name: 'ear', version: '1' },
  time: start,
  value: 'calm',
}

const said = (place: number, answer: object): Feedback =>
  ({
    id: feedbackId('test', String(place)),
    target: { prediction: idOf(place) },
    time: start + place * HOUR + 1000,
    source: 'recipient',
    user: 'pseudonym-8',
    comment: 'I know this sender',
    ...answer,
  }) as Feedback
const feedback: readonly Feedback[] = [
  said(0, { kind: 'correction', label: 'ham' }),
  said(1, { kind: 'rating', right: true }),
  said(2, { kind: 'harm', report: 'it told me to leave', source: 'auditor' }),
  said(77, { kind: 'rating', right: true }),
]

let folder = ''
let file = ''

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'groundtrace-lists-'))
  file = join(folder, 'register.db')
  const register = openSqliteRegister({ path: file, tasks: [spam, tone] })
  await register.appendPredictions([...predictions, toned])
  await register.appendFeedback(feedback)
  await register.closeHorizons({ now: start + 24 * HOUR })
  await register.close()
})

afterAll(() => rmSync(folder, { recursive: true }))

const run = (...arguments_: string[]): Promise<Ran> => runCommandLine(arguments_, { GROUNDTRACE_REGISTER: file })

interface Line {
  readonly id: string
  readonly feedback: { readonly id: string }
  readonly outcome: { readonly prediction: string; readonly state: string }
}

/** What a command prints as JSON, by one field of each line. */
async function listed<T>(pick: (line: Line) => T, ...arguments_: string[]): Promise<readonly T[]> {
  const { code, out } = await run(...arguments_, '--json')
  expect(code).toBe(0)
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => pick(JSON.parse(line) as Line))
}

const idsOfPredictions = async (...given: string[]) => await listed(({ id }) => id, 'predictions', ...given)
const idsOfFeedback = async (...given: string[]) => await listed((line) => line.feedback.id, 'feedback', ...given)
const statesOf = async (...given: string[]) =>
  await listed(({ outcome }) => `${outcome.prediction} ${outcome.state}`, 'outcomes', ...given)

describe('predictions', () => {
  test.each([
    [[], [0, 1, 2, 3, 9]],
    [['--task', 'tone'], [9]],
    [
      ['--model', 'filter', '--version', '2'],
      [1, 3],
    ],
    [
      ['--version', '1'],
      [0, 2, 9],
    ],
    [
      ['--since', '2026-01-02T01:00:00Z'],
      [1, 2, 3],
    ],
    [
      ['--until', '2026-01-02T01:00:00Z'],
      [0, 9],
    ],
    [
      ['--since', '2026-01-02T02:00:00+01:00', '--until', '2026-01-03'],
      [1, 2, 3],
    ],
    [
      ['--limit', '2'],
      [0, 1],
    ],
    [['--task', 'spam', '--version', '2', '--limit', '1'], [1]],
    [['--task', 'tone', '--version', '2'], []],
  ])('%j shows just what it asks for', async (given, places) => {
    expect(await idsOfPredictions(...given)).toEqual(places.map(idOf))
  })

  test('are a table for a person, a line each, whose columns stand below each other', async () => {
    const { code, out } = await run('predictions', '--task', 'spam')
    expect(code).toBe(0)
    const lines = out.trimEnd().split('\n')
    expect(lines).toHaveLength(5)
    expect(lines[0]).toMatch(/^made +prediction +task +model +said$/)
    expect(lines[1]).toMatch(/^2026-01-02T00:00:00\.000Z {2}\S+ {2}spam {2}filter 1 {2}spam$/)
    expect(new Set(lines.map((line) => line.indexOf(line.startsWith('made') ? 'model' : 'filter'))).size).toBe(1)
  })

  test.each([[[]], [['--json']]])('%j hold nothing personal', async (given) => {
    const { out } = await run('predictions', ...given)
    expect(out).not.toMatch(/nine|pseudonym/)
    expect(out).toContain(idOf(0))
  })

  test("hold features and users when --payload asks for them, and control nobody's terminal", async () => {
    for (const given of [[], ['--json']]) {
      const { out } = await run('predictions', '--payload', ...given)
      expect(out).toMatch(/at nine/)
      expect(out).toContain('pseudonym-7')
      expect(out).not.toMatch(/[^\P{C}\n]/u)
    }
  })

  test('of a filter that nothing passes are none, which is said and is no failure', async () => {
    const none = await run('predictions', '--version', '3')
    expect(none).toEqual({ code: 0, out: '', error: 'No prediction matches.' })
  })
})

describe('feedback', () => {
  test.each([
    [[], [0, 1, 2]],
    [['--kind', 'correction'], [0]],
    [['--source', 'auditor'], [2]],
    [['--source', 'recipient', '--version', '2'], [1]],
    [['--since', '2026-01-02T01:00:01Z', '--limit', '1'], [1]],
    [['--task', 'tone'], []],
  ])('%j shows just what it asks for, and no orphan', async (given, places) => {
    expect(await idsOfFeedback(...given)).toEqual(places.map((place) => feedbackId('test', String(place))))
  })

  test.each([[[]], [['--json']]])('%j holds nothing personal', async (given) => {
    const { out } = await run('feedback', ...given)
    expect(out).not.toMatch(/sender|pseudonym|told me|nine/)
    expect(out).toMatch(/harm/)
  })

  test('holds users, comments and reports when --payload asks for them', async () => {
    for (const given of [[], ['--json']]) {
      const { out } = await run('feedback', '--payload', ...given)
      for (const known of ['I know this sender', 'pseudonym-8', 'it told me to leave']) expect(out).toContain(known)
    }
  })

  test('says in a table who said what of which prediction', async () => {
    const { out } = await run('feedback', '--kind', 'correction')
    expect(out.split('\n')[1]).toMatch(new RegExp(`${idOf(0)} +spam +recipient +correction: ham +stored$`))
  })
})

describe('feedback --waiting', () => {
  const waiting = feedbackId('test', '77')

  test('lists what waits, and for what', async () => {
    const { code, out } = await run('feedback', '--waiting')
    expect([code, out.trimEnd().split('\n')]).toEqual([
      0,
      [
        expect.stringMatching(/^time +feedback +waits for +source +said$/),
        expect.stringMatching(new RegExp(`^2026-01-05T05:00:01.000Z +${waiting} +${idOf(77)} +recipient +right$`)),
      ],
    ])
  })

  test('holds nothing personal, unless --payload asks for it', async () => {
    const { out } = await run('feedback', '--waiting', '--json')
    expect(JSON.parse(out)).toMatchObject({ feedback: { id: waiting }, status: 'orphaned' })
    expect(out).not.toMatch(/sender|pseudonym/)
    for (const given of [[], ['--json']]) {
      expect((await run('feedback', '--waiting', '--payload', ...given)).out).toMatch(/I know this sender/)
    }
  })

  test('keeps what its filters say, and refuses those that only a prediction could pass', async () => {
    expect(await idsOfFeedback('--waiting', '--kind', 'rating', '--source', 'recipient', '--limit', '1')).toEqual([
      waiting,
    ])
    expect(await idsOfFeedback('--waiting', '--kind', 'stars')).toEqual([])
    expect(await idsOfFeedback('--waiting', '--until', '2026-01-03')).toEqual([])
    expect(await run('feedback', '--waiting', '--task', 'spam')).toMatchObject({
      code: 2,
      error: expect.stringMatching(/--waiting goes without --task/) as unknown,
    })
  })
})

test.each([
  ['predictions', '--task'],
  ['feedback', '--task'],
  ['outcomes', '--task'],
  ['maturity'],
  ['prune', '--older-than', '1d', '--task'],
])('%s of a task that nobody knows names those there are, and exits with 1', async (...command) => {
  const { code, out, error } = await run(...command, 'spma')
  expect([code, out, error]).toEqual([1, '', 'The register knows no task "spma". Name one of spam, tone.'])
})

describe('outcomes', () => {
  test('of one state are those alone', async () => {
    const settled = await statesOf('--state', 'settled')
    expect(new Set(settled)).toEqual(new Set([`${idOf(0)} settled`, `${idOf(1)} settled`]))
    expect(await statesOf('--state', 'expired', '--task', 'tone')).toEqual([`${idOf(9)} expired`])
  })

  test('are told with the prediction and whether it was right', async () => {
    const { out } = await run('outcomes', '--state', 'settled', '--version', '1', '--limit', '1')
    expect(out.split('\n')[1]).toMatch(/ spam +filter 1 +1 +settled +early +ham +spam +wrong$/)
  })
})

describe('wrong usage of lists', () => {
  test.each([
    [['predictions', '--since', 'yesterday'], /--since.*Give an ISO time/],
    [['predictions', '--since', '2026-01-02T10:00:00'], /--since.*with its zone/],
    [['predictions', '--until', '2026-02-31'], /--until.*Give an ISO time/],
    [['feedback', '--limit', '0'], /--limit.*Give a whole number from 1 on/],
    [['feedback', '--kind', 'shout'], /--kind.*rating/],
    [['outcomes', '--state', 'open'], /--state.*settled/],
    [['outcomes', '--payload'], /unknown option '--payload'/],
  ])('%j exits with 2 and says what to give', async (given, message) => {
    const { code, out, error } = await run(...given)
    expect([code, out]).toEqual([2, ''])
    expect(error).toMatch(message)
  })

  test.each(['predictions', 'feedback', 'outcomes'])('%s --help shows examples', async (command) => {
    const { code, out } = await run(command, '--help')
    expect(code).toBe(0)
    expect(out).toContain('Examples:')
  })
})

test('a list that can not be written ends the command with 1, and says why', async () => {
  const told: string[] = []
  const code = await runCommand(['predictions'], {
    environment: { GROUNDTRACE_REGISTER: file },
    out: () => undefined,
    error: (text) => told.push(text),
    write: () => Promise.reject(new OutputError(new Error('ENOSPC: no space left on device'))),
    untilStopped: () => Promise.resolve(),
  })
  expect([code, told]).toEqual([1, [expect.stringMatching(/ENOSPC: no space left on device/)]])
})

test.each([['predictions'], ['feedback'], ['outcomes'], ['maturity', 'spam']])(
  '%s refuses an interval in which no time lies, before it looks for a register',
  async (...command) => {
    for (const until of ['2026-01-30', '2026-01-31']) {
      const { code, error } = await run(...command, '--since', '2026-01-31', '--until', until, '-r', 'none.db')
      expect([code, error]).toEqual([2, expect.stringMatching(/No time lies from --since .*: name a later --until/)])
    }
  },
)
