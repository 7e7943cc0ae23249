import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  defineTask,
  feedbackId,
  formatTrackingId,
  keyedHash,
  type Prediction,
  type Register,
  type TrackingId,
} from '@groundtrace/core'
import { openSqliteRegister } from '@groundtrace/register'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runCommandLine, type Ran } from './run-command-line.ts'

const DAY = 24 * 3_600_000
const SECRET = 'a secret of these tests'
const alice = keyedHash(SECRET).user('alice@example.org')
const spam = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'], horizonSeconds: DAY / 1000 })
const tone = defineTask({ name: 'tone', kind: 'binary', classes: ['calm', 'cross'], horizonSeconds: DAY / 1000 })

const idOf = (place: number, trace = place) =>
  formatTrackingId({ traceId: trace.toString(16).padStart(32, '0'), spanId: place.toString(16).padStart(16, '0') })

/** Made so many days ago. */
const predictionOf = (place: number, daysAgo: number, given: Partial<Prediction> = {}): Prediction => ({
  id: idOf(place),
  task: spam,
  model: { name: 'filter', version: '1' },
  time: Date.now() - daysAgo * DAY,
  value: 'spam',
  features: { words: 3 },
  user: place % 2 === 0 ? alice : 'somebody else',
  ...given,
})

let folder = ''
let file = ''

async function withFile<T>(work: (register: Register) => Promise<T>): Promise<T> {
  const register = openSqliteRegister({ path: file, tasks: [spam, tone] })
  try {
    return await work(register)
  } finally {
    await register.close()
  }
}

const featuresOf = (...places: number[]) =>
  withFile((register) =>
    Promise.all(places.map(async (place) => (await register.prediction(idOf(place)))?.features !== undefined)),
  )

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'groundtrace-privacy-'))
  file = join(folder, 'register.db')
  await withFile(async (register) => {
    await register.appendPredictions([
      ...[1, 2, 3, 4].map((place) => predictionOf(place, 10 * place)),
      predictionOf(5, 0),
      predictionOf(6, 45, { task: tone, value: 'calm' }),
    ])
    await register.appendFeedback([
      {
        id: feedbackId('test', '1'),
        target: { prediction: idOf(1) },
        time: Date.now() - 9 * DAY,
        source: 'recipient',
        kind: 'rating',
        right: true,
        user: alice,
        comment: 'my own words',
      },
    ])
    await register.closeHorizons({ now: Date.now() })
  })
})

afterEach(() => rmSync(folder, { recursive: true }))

const run = (arguments_: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  runCommandLine(arguments_, { GROUNDTRACE_REGISTER: file, ...environment })

describe('groundtrace erase', () => {
  test('removes the payloads of predictions that are named, by ID or by trace', async () => {
    await withFile((register) => register.appendPredictions([predictionOf(7, 1, { id: idOf(7, 2) })]))
    const { code, out } = await run(['erase', idOf(1), (2).toString(16).padStart(32, '0')])
    expect([code, out]).toEqual([0, '4 payloads erased. Backups made before still hold what was erased.'])
    expect(await featuresOf(1, 2, 3)).toEqual([false, false, true])
  })

  test('removes a person, by pseudonym or by name and secret, and says how many payloads went', async () => {
    const byName = await run(['erase', '--person', 'alice@example.org', '--json'], { GROUNDTRACE_SECRET: SECRET })
    expect([byName.code, JSON.parse(byName.out)]).toEqual([0, { erased: 4 }])
    expect((await run(['erase', '--user', alice, '--json'])).out).toContain('"erased": 0')
    expect(await featuresOf(1, 2, 3, 4, 6)).toEqual([true, false, true, false, false])
  })

  test('keeps nothing of who withdraws, until that is taken back', async () => {
    const withdrawn = await run(['erase', '--user', alice, '--withdraw'])
    expect(withdrawn.out).toMatch(/^4 payloads erased\. .* From now on no payload of this person is kept\.$/)
    await withFile((register) => register.appendPredictions([predictionOf(8, 0)]))
    expect((await run(['erase', '--user', alice, '--renew'])).out).toMatch(/are kept from now on/)
    await withFile((register) => register.appendPredictions([predictionOf(10, 0)]))
    expect(await featuresOf(8, 10)).toEqual([false, true])
  })

  test('says of an ID that nobody knows that it is unknown, erases the others, and exits with 1', async () => {
    const unknown = await run(['erase', idOf(99), 'f'.repeat(32)])
    expect([unknown.code, unknown.out]).toEqual([1, ''])
    expect(unknown.error).toMatch(/knows no prediction by 0+63-0+63, f+: nothing of it was erased\. Check the ID/)
    const both = await run(['erase', idOf(99), idOf(1), '--json'])
    expect([both.code, JSON.parse(both.out)]).toEqual([1, { erased: 2, unknown: [idOf(99)] }])
  })

  test('erases the words of feedback that waits for a prediction that never came', async () => {
    const waiting = {
      id: feedbackId('test', 'waiting'),
      target: { prediction: idOf(99) },
      time: Date.now(),
      source: 'recipient',
      kind: 'harm',
      report: 'my own words',
    } as const
    await withFile((register) => register.appendFeedback([waiting]))
    expect(await run(['erase', idOf(99)])).toMatchObject({ code: 0, out: expect.stringMatching(/^1 payload erased/) })
  })

  test('says that nothing is left, or never was, of a person or a prediction', async () => {
    const person = await run(['erase', '--user', 'nobody', '--withdraw'])
    expect([person.code, person.out]).toEqual([
      0,
      'Nothing of this person was found: check the pseudonym, or it was erased before. From now on no payload of this person is kept.',
    ])
    await run(['erase', idOf(2)])
    expect((await run(['erase', idOf(2)])).out).toMatch(/^There was nothing to erase: /)
  })

  test('asks for the secret, and repeats nobody’s name', async () => {
    const { code, error } = await run(['erase', '--person', 'alice@example.org'])
    expect(code).toBe(1)
    expect(error).toMatch(/GROUNDTRACE_SECRET/)
    expect(error).not.toMatch(/alice/)
  })

  test.each([
    ['nothing', []],
    ['predictions and a person', [idOf(1), '--user', 'a']],
    ['a person twice', ['--user', 'a', '--person', 'a']],
    ['what is no ID', ['nonsense']],
    ['a withdrawal of predictions', [idOf(1), '--withdraw']],
    ['a withdrawal and its opposite', ['--user', 'a', '--withdraw', '--renew']],
  ])('refuses %s as wrong usage', async (_, arguments_) => {
    const { code, error } = await run(['erase', ...arguments_])
    expect([code, error.includes('--help')]).toEqual([2, true])
    expect(await featuresOf(1, 2, 3)).toEqual([true, true, true])
  })
})

/** An example of a prediction that rests on this feedback. */
const member = (place: number, feedback: TrackingId[]) => ({
  example: feedback[0] ?? idOf(place),
  prediction: idOf(place),
  feedback,
})

test('trace and lineage say what was erased and what was pruned', async () => {
  await withFile(async (register) => {
    await register.appendLineage([
      {
        kind: 'data-set-made',
        id: 'made',
        time: Date.now(),
        dataSet: 'ds-1',
        role: 'training',
        task: 'spam',
        hash: 'ab'.repeat(32),
        members: [member(1, [feedbackId('test', '1')]), member(2, []), member(3, []), member(4, []), member(5, [])],
      },
    ])
  })
  await run(['erase', '--user', alice])
  await run(['prune', '--older-than', '25d'])
  expect((await run(['lineage'])).out).toContain(
    'ds-1: training set of 5 examples for spam, of which 3 are erased and 1 is pruned',
  )
  expect(JSON.parse((await run(['lineage', '--json'])).out)).toMatchObject({
    lines: [{ lost: { erased: 3, pruned: 1 } }],
  })
  // Her word on the prediction of somebody else.
  const { out } = await run(['trace', idOf(1)])
  expect(out).toMatch(/recipient: right \(stored, erased\)/)
  expect(out).toMatch(/ds-1 +training; lost: erased/)
})

describe('groundtrace prune', () => {
  test('removes what is older, of one task or of all, and says how much', async () => {
    expect((await run(['prune', '--older-than', '25d', '--task', 'tone'])).out).toMatch(/^1 predictions of task tone/)
    const { code, out } = await run(['prune', '--older-than', '25d', '--json'])
    expect([code, JSON.parse(out)]).toMatchObject([0, { pruned: 2, removed: { pruned: 3, erased: 0, withheld: 0 } }])
    expect(await featuresOf(1, 2, 3, 4, 6)).toEqual([true, true, false, false, false])
  })

  test('takes a time as well', async () => {
    const time = new Date(Date.now() - 15 * DAY).toISOString()
    expect((await run(['prune', '--before', time])).out).toMatch(
      /^4 predictions from before .* 4 since the beginning\.$/,
    )
  })

  test.each([[[]], [['--before', '2026-01-31', '--older-than', '1d']], [['--older-than', '1y']], [['--before', 'x']]])(
    'refuses %j as wrong usage',
    async (arguments_) => {
      expect((await run(['prune', ...arguments_])).code).toBe(2)
      expect(await featuresOf(1, 2, 3, 4)).toEqual([true, true, true, true])
    },
  )
})

describe('groundtrace maturity', () => {
  test('says that little is known of few answers', async () => {
    const { code, out } = await run(['maturity', 'spam', '--since', '2020-01-01'])
    expect(code).toBe(0)
    expect(out).toMatch(
      /^spam: 0 of 1 predictions are answered\nOf all answers .* still to come: unknown: only 0 predictions/,
    )
  })

  test('says what share of the answers to a cohort is still to come, and how long they take', async () => {
    const hour = DAY / 24
    // The register's clock goes from two days ago until now.
    let now = Date.now() - 2 * DAY
    const register = openSqliteRegister({ path: file, now: () => now })
    const cohorts = Array.from({ length: 40 }, (_, index) => Date.now() - 2 * DAY + index * hour)
    const answers = cohorts.flatMap((time, cohort) =>
      // Half of ten an hour are answered: one after each of so many hours.
      [1, 2, 4, 8, 16].map((hours, nth) => ({ at: time + hours * hour, about: 100 + 10 * cohort + nth })),
    )
    const made = cohorts.map((time, cohort) => ({
      at: time,
      append: () =>
        register.appendPredictions(
          Array.from({ length: 10 }, (_, nth) => ({ ...predictionOf(100 + 10 * cohort + nth, 0), time })),
        ),
    }))
    const said = answers.map(({ at, about }) => ({
      at,
      append: () =>
        register.appendFeedback([
          {
            id: feedbackId('answer', String(about)),
            target: { prediction: idOf(about) },
            time: at,
            source: 'recipient',
            kind: 'rating',
            right: true,
          },
        ]),
    }))
    // Predictions first where both are of one moment.
    for (const { at, append } of [...made, ...said].sort((one, other) => one.at - other.at)) {
      if (at >= Date.now()) break
      now = at
      await append()
    }
    await register.close()
    const { toCome, curve } = JSON.parse((await run(['maturity', 'spam', '--json'])).out) as {
      toCome: { share: number; interval: [number, number] }
      curve: { answered: number }[]
    }
    expect(curve.at(-1)?.answered).toBeCloseTo(0.5, 1)
    const open = answers.filter(({ at }) => at >= Date.now()).length
    const meant = answers.filter(
      ({ about }) => (cohorts[Math.floor((about - 100) / 10)] ?? 0) > Date.now() - DAY,
    ).length
    expect(toCome.share).toBeGreaterThan(open / meant - 0.1)
    expect(toCome.share).toBeLessThan(open / meant + 0.1)
    expect((await run(['maturity', 'spam'])).out).toMatch(/within .* h {2}.*50\.\d %/)
  })
})
