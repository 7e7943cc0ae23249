import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  defineTask,
  feedbackId,
  formatTrackingId,
  type Feedback,
  type LineageLine,
  type Prediction,
} from '@groundtrace/core'
import { openSqliteRegister } from '@groundtrace/register'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lineageText } from '../src/lineage-text.ts'
import { runCommandLine, type Ran } from './run-command-line.ts'

const task = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'] })
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const id = formatTrackingId({ traceId, spanId: '00f067aa0ba902b7' })
const sibling = formatTrackingId({ traceId, spanId: '00f067aa0ba902b8' })
const time = Date.UTC(2026, 0, 2, 3, 4, 5)

const prediction: Prediction = {
  id,
  task,
  model: { name: 'filter', version: '1-aa' },
  time,
  value: 'spam',
  scores: { ham: 0.1, spam: 0.9 },
  features: { excerpt: 'buy\u001B[2J now \u202Egnp.exe', 'name\u001B]0;owned\u0007': 1 },
  policy: { action: 'block', propensity: 0.1, explored: true },
  latencySeconds: 0.000075322000000142,
}

const rating: Feedback = {
  kind: 'rating',
  right: false,
  id: feedbackId('recipient', 'k'),
  target: { prediction: id },
  time: time + 60_000,
  source: 'recipient',
}

/** Another feedback, so many milliseconds later. */
const words = (number: number, said: object): Feedback => ({
  ...rating,
  id: feedbackId('recipient', `w${number}`),
  time: rating.time + number,
  ...said,
})

const lines: readonly LineageLine[] = [
  {
    kind: 'data-set-made',
    id: 'l1',
    time,
    dataSet: 'ds-1',
    role: 'training',
    task: 'spam',
    hash: 'a'.repeat(64),
    members: [{ example: rating.id, prediction: id, feedback: [rating.id] }],
  },
  { kind: 'version-trained', id: 'l2', time, model: 'filter', version: '2-bb', trainedOn: 'ds-1' },
  {
    kind: 'version-deployed',
    id: 'l3',
    time,
    model: 'filter',
    version: '2-bb',
    reason: `better${' by far'.repeat(40)}`,
  },
  { kind: 'version-trained', id: 'l4', time, model: 'filter', version: '3-cc', trainedOn: 'ds-0' },
]

let folder = ''
let file = ''

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'groundtrace-cli-'))
  file = join(folder, 'register.db')
  const register = openSqliteRegister({ path: file, tasks: [task] })
  await register.appendPredictions([prediction, { ...prediction, id: sibling, time: time + 1 }])
  await register.appendFeedback([rating])
  await register.appendLineage(lines)
  await register.close()
})

afterAll(() => rmSync(folder, { recursive: true }))

/** Runs a command line against the register file. */
const run = (...arguments_: string[]): Promise<Ran> => runCommandLine(arguments_, { GROUNDTRACE_REGISTER: file })

describe('trace', () => {
  test('shows everything known of a prediction', async () => {
    const { code, out } = await run('trace', id)
    expect(code).toBe(0)
    for (const known of [
      id,
      'filter 1-aa',
      'recipient: wrong',
      'settled',
      'truth is ham',
      'ds-1',
      'training of filter 2-bb',
      '0.0000753 s',
    ]) {
      expect(out).toContain(known)
    }
  })

  test('prints the same as JSON, from ID to trace', async () => {
    const { code, out } = await run('trace', id, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      trackingId: id,
      traceId,
      spanId: '00f067aa0ba902b7',
      prediction: { value: 'spam', policy: { propensity: 0.1, explored: true } },
      feedback: [{ status: 'stored', feedback: { id: rating.id, right: false } }],
      outcomes: [{ version: 1, state: 'settled', label: 'ham', correct: false }],
      dataSets: [{ dataSet: 'ds-1', role: 'training', examples: [rating.id], versions: ['filter 2-bb'] }],
    })
  })

  test('shows who said what in which words, and what each outcome rests on, until it is erased', async () => {
    const path = join(folder, 'words.db')
    const register = openSqliteRegister({ path, tasks: [task] })
    const wrong = words(1, { user: 'user-2', comment: 'no\n\u001B[2Jspam' })
    const harm = words(2, { kind: 'harm', report: `it ${'hurt '.repeat(500)}`, right: undefined })
    const more = Array.from({ length: 11 }, (_, index) => words(3 + index, { source: `reader-${index}` }))
    await register.appendPredictions([{ ...prediction, user: 'user\u202E-1' }])
    await register.appendFeedback([wrong, harm, ...more])
    await register.closeHorizons({ now: time + 31 * 24 * 3_600_000 })
    const shown = await run('trace', id, '-r', path)
    expect(shown.out).toMatch(/^ {2}user +user -1$/m)
    expect(shown.out).toContain(
      [
        `  2026-01-02T03:05:05.001Z  recipient: wrong (stored) ${wrong.id}`,
        `${' '.repeat(30)}user user-2`,
        `${' '.repeat(30)}comment no  [2Jspam`,
        `  2026-01-02T03:05:05.002Z  recipient: harm (stored) ${harm.id}`,
        `${' '.repeat(30)}report it hurt hurt `,
      ].join('\n'),
    )
    expect(shown.out).toContain(
      `1. settled (early), truth is ham, prediction wrong, by rating\n${' '.repeat(30)}rests on ${wrong.id}\n`,
    )
    expect(shown.out).toMatch(/rests on 2 more: --json shows all$/m)
    expect(shown.out).not.toMatch(/[^\P{C}\n]/u)
    await register.erase([id])
    await register.close()
    const erased = await run('trace', id, '-r', path)
    expect(erased.out).toContain(`recipient: wrong (stored, erased) ${wrong.id}`)
    for (const personal of ['user', 'comment', 'hurt']) expect(erased.out).not.toContain(personal)
    expect(erased.out).toContain(`rests on ${wrong.id}`)
  })

  test('finds a prediction by the ID of a feedback on it', async () => {
    const { out } = await run('trace', rating.id, '--json')
    expect(JSON.parse(out)).toMatchObject({ trackingId: id })
  })

  test('finds all predictions of a trace, in order of time', async () => {
    const { out } = await run('trace', traceId, '--json')
    expect((JSON.parse(out) as readonly { trackingId: string }[]).map(({ trackingId }) => trackingId)).toEqual([
      id,
      sibling,
    ])
  })

  test('shows foreign text without control characters, so that it cannot write to the terminal', async () => {
    const { out } = await run('trace', id)
    expect(out).toMatch(/buy \[2J now/)
    expect(out).not.toMatch(/[^\P{C}\n]/u)
    const json = await run('trace', id, '--json')
    expect(json.out).not.toMatch(/[^\P{C}\n]/u)
    expect(JSON.parse(json.out)).toMatchObject({ prediction: { features: prediction.features } })
  })

  test('shows as many features and predictions as a person can read, and says how many there are', async () => {
    const path = join(folder, 'many.db')
    const register = openSqliteRegister({ path, tasks: [task] })
    const features = Object.fromEntries(Array.from({ length: 150_000 }, (_, feature) => [`word${feature}`, 1]))
    const batch = Array.from({ length: 150 }, (_, row) => ({
      ...prediction,
      id: formatTrackingId({ traceId, spanId: 'a'.repeat(16), row }),
    }))
    await register.appendPredictions([...batch, { ...prediction, features }])
    await register.close()
    const one = await run('trace', id, '-r', path)
    expect(one.out).toContain('and 149960 more')
    expect(one.out.split('\n').length).toBeLessThan(100)
    const all = await run('trace', traceId, '--json', '-r', path)
    expect(JSON.parse(all.out)).toHaveLength(100)
    expect(all.error).toMatch(/first 100 of 151 predictions/)
  })

  test('says that an ID is unknown, and exits with 1', async () => {
    const { code, out, error } = await run('trace', formatTrackingId({ traceId, spanId: 'f'.repeat(16) }))
    expect([code, out]).toEqual([1, ''])
    expect(error).toMatch(/knows no prediction by .* Check the ID/)
  })

  test.each([
    [
      { prediction: formatTrackingId({ traceId, spanId: 'e'.repeat(16) }) },
      `prediction ${traceId}-${'e'.repeat(16)}, which`,
    ],
    [{ entity: 'mail-7\u001B[2J', task: 'spam' }, 'prediction of spam by the key mail-7 [2J, which'],
  ] as const)('says of a feedback that waits what it waits for, and exits with 1: %#', async (target, meant) => {
    const path = join(mkdtempSync(join(folder, 'waiting-')), 'register.db')
    const register = openSqliteRegister({ path, tasks: [task] })
    await register.appendFeedback([{ ...rating, target }])
    await register.close()
    const { code, out, error } = await run('trace', rating.id, '-r', path)
    expect([code, out]).toEqual([1, ''])
    expect(error).toContain(`Feedback ${rating.id} waits for the ${meant}`)
  })

  test('lists the feedback that waits for a prediction which never came, and exits with 1', async () => {
    const path = join(mkdtempSync(join(folder, 'awaited-')), 'register.db')
    const register = openSqliteRegister({ path, tasks: [task] })
    await register.appendFeedback([rating])
    await register.close()
    const { code, out, error } = await run('trace', id, '-r', path)
    expect([code, out]).toEqual([1, ''])
    expect(error.split('\n')).toEqual([
      `The register knows no prediction by ${id} yet, but feedback that waits for it:`,
      `  2026-01-02T03:05:05.000Z  recipient: wrong  ${rating.id}`,
      'It joins by itself when the prediction comes. If that was made long ago, look whether its service sends to this register.',
    ])
  })

  test('refuses what is no ID before it looks for a register', async () => {
    expect(await run('trace', 'xyz', '-r', join(folder, 'none.db'))).toMatchObject({ code: 2, out: '' })
  })

  test.each(['not-an-id', id.toUpperCase(), `${id} `, ''])('refuses %j as no ID, and exits with 2', async (text) => {
    const { code, error } = await run('trace', text)
    expect(code).toBe(2)
    expect(error).toMatch(/neither a tracking ID nor a trace ID\. Pass /)
  })
})

describe('lineage', () => {
  test('lists versions with their predictions, and what happened', async () => {
    const { code, out } = await run('lineage')
    expect(code).toBe(0)
    expect(out).toMatch(/filter 1-aa {2}2 predictions/)
    expect(out).toContain('ds-1: training set of 1 example for spam')
    expect(out).toMatch(/filter 2-bb deployed: better( by far){40}$/m)
  })

  test('sets the thousands of a number apart', () => {
    const versions = [{ model: 'filter', version: '1-aa', predictions: 1234, trainedOn: 'ds-1' }]
    const made = {
      kind: 'data-set-made',
      time,
      dataSet: 'ds-1',
      role: 'training',
      examples: 5678,
      task: 'spam',
    } as const
    const text = lineageText({ versions, lines: [made] })
    expect(text).toContain('filter 1-aa  1,234 predictions, trained on ds-1')
    expect(text).toContain('ds-1: training set of 5,678 examples for spam')
  })

  test('of one version leaves out what does not concern it', async () => {
    const { out } = await run('lineage', '2-bb', '--json')
    const { lines: kept } = JSON.parse(out) as { lines: readonly { id: string }[] }
    expect(kept.map(({ id: line }) => line)).toEqual(['l1', 'l2', 'l3'])
  })

  test('of an unknown version names those there are', async () => {
    const { code, error } = await run('lineage', '9')
    expect(code).toBe(1)
    expect(error).toMatch(/There is no version 9\. Use one of .*2-bb/)
  })
})

describe('wrong usage', () => {
  test.each([[['trace']], [['unknown']], [['trace', id, '--wrong']], [['lineage', 'a', 'b']]])(
    '%j exits with 2, with cause and next step',
    async (given) => {
      const { code, out, error } = await run(...given)
      expect([code, out]).toEqual([2, ''])
      const command = given[0] === 'unknown' ? 'groundtrace' : `groundtrace ${given[0]}`
      expect(error).toMatch(/^error: .+\n/)
      expect(error).toContain(`\nRun ${command} --help for`)
    },
  )

  test('no command at all exits with 2 and lists the commands', async () => {
    const { code, error } = await run()
    expect(code).toBe(2)
    expect(error).toMatch(/Commands:.*trace.*lineage/s)
  })

  test('a register file that is not there is named, with the next step', async () => {
    const { code, error } = await run('trace', id, '--register', join(folder, 'none.db'))
    expect(code).toBe(1)
    expect(error).toMatch(/There is no register file .*none\.db\. Name it with --register/)
  })

  test('a folder is called a folder, with the next step', async () => {
    const { code, error } = await run('lineage', '-r', folder)
    expect(code).toBe(1)
    expect(error).toBe(
      `${folder} is a folder. Name the register file in it, as in --register ${join(folder, 'groundtrace.db')}.`,
    )
  })

  test('an empty file is called empty, with the next step', async () => {
    const path = join(folder, 'empty.db')
    writeFileSync(path, '')
    const { code, error } = await run('lineage', '-r', path)
    expect(code).toBe(1)
    expect(error).toMatch(/empty\.db is empty: no service has written to it yet\. Check the path/)
  })

  test('a file that is no register is refused and left alone', async () => {
    const path = join(folder, 'letter.txt')
    const letter = 'Dear register,\n'.repeat(100)
    writeFileSync(path, letter)
    const { code, error } = await run('trace', id, '--register', path)
    expect(code).toBe(1)
    expect(error).toMatch(/letter\.txt is no register.*\. Pass another path/s)
    expect(readFileSync(path, 'utf8')).toBe(letter)
  })

  test('--help shows examples and exits with 0', async () => {
    const { code, out } = await run('trace', '--help')
    expect(code).toBe(0)
    expect(out).toContain('Examples:')
  })

  test('--version prints the version of the package and exits with 0', async () => {
    const manifest = readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')
    const { code, out } = await run('--version')
    expect([code, out.trim()]).toEqual([0, (JSON.parse(manifest) as { version: string }).version])
  })
})
