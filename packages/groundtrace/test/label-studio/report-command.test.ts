import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatTrackingId } from '@groundtrace/core'
import { openOutbox } from '@groundtrace/label-studio'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runCommandLine } from '../run-command-line.ts'

const PLAN = `
tasks:
  spam:
    kind: binary
    classes: [ham, spam]
    question: Did anybody want this mail?
    show: [{ field: text, title: Text }]
    guidelines: A mail that somebody asked for is wanted.
    crowd: { title: The crowd }
    truth:
      crowd:
        agreeing: 2
        groups: { members: { north: [3], south: [7] }, atLeast: 2, serves: { north: 0.5, south: 0.5 } }
`

let folder: string
let path: string
let plan: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'groundtrace-report-'))
  path = join(folder, 'outbox.db')
  plan = join(folder, 'plan.yaml')
  writeFileSync(plan, PLAN)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Two annotators answer two units: they agree on one, and only one of them has answered the other. */
function fill(): void {
  const outbox = openOutbox({ path, now: () => Date.UTC(2026, 0, 5) })
  const predictions = ['a', 'b'].map((digit) =>
    formatTrackingId({ traceId: digit.repeat(32), spanId: digit.repeat(16) }),
  )
  outbox.units.plan(
    predictions.map((prediction) => ({
      prediction,
      project: 'spam-crowd',
      reason: 'random',
      propensity: 0.5,
      class: 'ham',
    })),
  )
  const stamp = '2026-01-05T09:00:00.000000Z'
  const answers = [
    [1, 7],
    [1, 3],
    [2, 3],
  ] as const
  for (const [index, [unit, annotator]] of answers.entries()) {
    const result = [{ from_name: 'answer', to_name: 'item', type: 'choices', value: { choices: ['spam'] } }]
    const content = { annotator, skipped: false, result }
    outbox.write(() => outbox.answers.take(unit, { annotation: index + 1, created: stamp, updated: stamp, content }))
  }
  outbox.close()
}

test('the report says in JSON how good the model is, where truth stands and why, and how each annotator does, by their number', async () => {
  fill()
  const { code, out } = await runCommandLine(['label-studio', 'report', plan, '--outbox', path, '--json'])
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject([
    {
      task: 'spam',
      // Nobody has settled anything yet in the register: the model may be right or wrong.
      quality: { drawn: 2, known: 0, standFor: 4, bounds: [0, 1] },
      truth: {
        crowd: {
          project: 'spam-crowd',
          units: 2,
          settled: 1,
          open: 1,
          contentious: 0,
          missingGroups: { south: 1 },
          settledBy: { agreement: 1, posterior: 0 },
        },
        consensus: { method: 'majority', state: 'too-little-data' },
      },
      annotators: {
        annotators: [
          { annotator: 3, group: 'north', answers: 2, accuracy: { state: 'too-little' } },
          { annotator: 7, group: 'south', answers: 1, accuracy: { state: 'too-little' } },
        ],
        groups: [
          { group: 'north', answers: 2, serves: 0.5 },
          { group: 'south', answers: 1, serves: 0.5 },
        ],
      },
    },
  ])
})

test('the report says the same in words, beside a process that writes the outbox', async () => {
  fill()
  const writer = openOutbox({ path })
  try {
    const { code, out } = await runCommandLine(['label-studio', 'report', plan, '--outbox', path])
    expect(code).toBe(0)
    expect(out).toContain('of 2 answered units 1 settled (1 by agreement, 0 by posterior), 1 open')
    expect(out).toContain('1: not answered by group south')
    expect(out.indexOf('Annotator 3 (north): 2 answers')).toBeLessThan(out.indexOf('Annotator 7 (south): 1 answers'))
    expect(out).not.toMatch(/NaN|undefined|aaaa/)
  } finally {
    writer.close()
  }
})

test('an outbox that is not there is told of', async () => {
  const { code, error } = await runCommandLine(['label-studio', 'report', plan, '--outbox', path])
  expect([code, error]).toEqual([1, expect.stringContaining(path)])
})
