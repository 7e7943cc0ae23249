import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineTask, feedbackId, formatTrackingId, type Prediction, type TrackingId } from '@groundtrace/core'
import { openSqliteRegister } from '@groundtrace/register'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { traceOf, traceText, type InsidePrediction, type Trace } from 'groundtrace'
import { runCommandLine } from './run-command-line.ts'

const SPAM = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'] })
const LANGUAGE = defineTask({ name: 'language', kind: 'multiclass', classes: ['en', 'fr'] })
const TIME = Date.UTC(2026, 0, 2)
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'

const id = (number: number, row?: number): TrackingId =>
  formatTrackingId({
    traceId,
    spanId: number.toString(16).padStart(16, '0'),
    ...(row === undefined ? {} : { row }),
  })

/** A prediction right inside of another; a member of the first, unless it is given otherwise. */
function made(number: number, parent: number | undefined, given: Partial<Prediction> = {}): Prediction {
  const inside = parent === undefined ? {} : { parent: id(parent), whole: id(1) }
  const model = { name: `model-${number}`, version: '1' }
  return { id: id(number), task: SPAM, model, time: TIME + number, value: 'spam', ...inside, ...given }
}

let folder = ''
let path = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'groundtrace-tree-'))
  path = join(folder, 'register.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

async function traceIn(predictions: readonly Prediction[], of: TrackingId, right?: boolean): Promise<Trace> {
  const register = openSqliteRegister({ path, tasks: [SPAM, LANGUAGE] })
  try {
    const receipts = await register.appendPredictions(predictions)
    expect(receipts.filter(({ status }) => status !== 'stored')).toEqual([])
    if (right !== undefined) {
      const about = { target: { prediction: id(1) }, time: TIME + 60_000, source: 'recipient' } as const
      await register.appendFeedback([{ ...about, id: feedbackId('recipient', 'k'), kind: 'rating', right }])
    }
    const trace = await traceOf(register, of)
    if (trace === undefined) throw new Error(`The register does not know ${of}`)
    return trace
  } finally {
    await register.close()
  }
}

/** A tree in brackets: `2(3 4)`. */
const shape = (inside: readonly InsidePrediction[]): string =>
  inside
    .map((node) => {
      const number = Number.parseInt(node.trackingId.slice(33, 49), 16)
      return node.inside.length === 0 ? String(number) : `${number}(${shape(node.inside)})`
    })
    .join(' ')

const ENSEMBLE: readonly Prediction[] = [
  made(3, 2, { value: 'ham', features: { secret: 1 }, user: 'pseudonym' }),
  { id: id(4), task: LANGUAGE, model: { name: 'model-4', version: '1' }, time: TIME + 4, value: 'en', parent: id(2) },
  made(2, 1),
  made(5, 1, { value: 'ham' }),
  made(1, undefined),
]

test('of a whole shows what was made inside of it, as a tree, and who was right by its truth', async () => {
  const { inside, around } = await traceIn(ENSEMBLE, id(1), false)
  expect(around).toEqual([])
  expect(shape(inside)).toBe('2(3 4) 5')
  const [first, second] = inside
  // The whole said spam and was wrong, so the truth is ham.
  expect([first?.correct, second?.correct]).toEqual([false, true])
  expect(first?.inside.map(({ correct }) => correct)).toEqual([true, undefined])
  expect(JSON.stringify(inside)).not.toMatch(/secret|pseudonym/)
})

test('of a member shows what it was made inside of, up to the whole that answers its task', async () => {
  const trace = await traceIn(ENSEMBLE, id(3))
  expect(trace.around.map(({ trackingId }) => trackingId)).toEqual([id(2), id(1)])
  expect(trace.inside).toEqual([])
  const text = traceText(trace)
  expect(text).toMatch(new RegExp(`Made inside of\\n {2}${id(2)} {2}model-2 1, spam: said spam\\n`))
  expect(text).toContain(`${id(1)}  model-1 1, spam: said spam; answers the task`)
  expect(text).not.toContain('Made inside of it')
})

test('of a prediction that stands alone shows neither', async () => {
  const trace = await traceIn([made(1, undefined)], id(1))
  expect([trace.around, trace.inside]).toEqual([[], []])
  expect(traceText(trace)).not.toContain('inside')
})

test('the text shows the tree and its verdicts, on one line each, whatever a member said', async () => {
  const hostile = made(6, 1, { task: defineTask({ name: 'reply', kind: 'generation' }), value: 'x\u001B[2J\ny' })
  const { value: _, ...rest } = made(7, 1)
  const failed: Prediction = { ...rest, error: 'TimeoutError' }
  const text = traceText(await traceIn([...ENSEMBLE, hostile, failed], id(1), false))
  const lines = text.split('\n')
  expect(lines).toContain(`  ${id(2)}    model-2 1, spam: said spam, wrong by this truth`)
  expect(lines).toContain(`    ${id(3)}  model-3 1, spam: said ham, right by this truth`)
  expect(lines).toContain(`  ${id(6)}    model-6 1, reply: said x [2J y`)
  expect(lines).toContain(`  ${id(7)}    model-7 1, spam: failed: TimeoutError`)
})

describe('whatever parents say', () => {
  test('a parent that never came is named', async () => {
    const trace = await traceIn([made(2, 9)], id(2))
    expect(trace.around).toEqual([{ trackingId: id(9) }])
    expect(traceText(trace)).toContain(`${id(9)}  not in the register`)
  })

  test('a circle ends where it began', async () => {
    const circle = [made(2, 4), made(3, 2), made(4, 3)]
    const trace = await traceIn(circle, id(2))
    expect(trace.around.map(({ trackingId }) => trackingId)).toEqual([id(4), id(3)])
    expect(shape(trace.inside)).toBe('3(4)')
  })

  test('a chain without end is cut, up and down', async () => {
    const chain = Array.from({ length: 300 }, (_, link) => made(link + 1, link === 0 ? undefined : link))
    const last = await traceIn(chain, id(300))
    expect(last.around).toHaveLength(100)
    const nested = JSON.stringify((await traceIn([], id(1))).inside).match(/"trackingId"/g)
    expect(nested).toHaveLength(100)
  })

  test('a crowd is cut', async () => {
    const crowd = Array.from({ length: 300 }, (_, member) => made(member + 2, 1))
    expect((await traceIn([...crowd, made(1, undefined)], id(1))).inside).toHaveLength(100)
  })
})

describe('a batch', () => {
  const rows = [0, 1, 2].map((row) => made(1, undefined, { id: id(1, row), entity: `mail-${row}` }))
  const members = [made(2, 1, { entity: 'mail-1' }), made(3, 1)]

  test('is around what was made inside of its call, by its rows', async () => {
    const trace = await traceIn([...members, ...rows], id(2))
    expect(trace.around).toEqual([{ trackingId: id(1), rows: [id(1, 0), id(1, 1), id(1, 2)] }])
    expect(traceText(trace)).toContain(`${id(1)}  a batch of 3 rows, ${id(1, 0)} and so on; answers the task`)
  })

  test('that was itself made inside of another leads on to that', async () => {
    const whole = { parent: id(8), whole: id(8) }
    const nested = rows.map((row) => ({ ...row, ...whole }))
    const trace = await traceIn([...members, ...nested, made(8, undefined)], id(2))
    expect(trace.around.map(({ trackingId }) => trackingId)).toEqual([id(1), id(8)])
  })

  test('has in each row what was made inside of the call', async () => {
    expect(shape((await traceIn([...members, ...rows], id(1, 1))).inside)).toBe('2 3')
  })

  test('is found by the ID of its call, which is the active one inside of it', async () => {
    await traceIn([...rows, made(2, 1)], id(1, 0))
    const { code, out } = await runCommandLine(['trace', id(1), '--json', '-r', path])
    expect(code).toBe(0)
    const traces = JSON.parse(out) as readonly Trace[]
    expect(traces.map(({ trackingId }) => trackingId)).toEqual([id(1, 0), id(1, 1), id(1, 2)])
    expect(traces[0]?.inside.map(({ trackingId }) => trackingId)).toEqual([id(2)])
  })
})
