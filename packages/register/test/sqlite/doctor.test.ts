import { copyFileSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { defineTask, feedbackId, formatTrackingId, type Feedback, type Prediction } from '@groundtrace/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSqliteRegister } from '../../src/index.ts'
import { examineSqliteRegister, type Finding, type SqliteExamination } from '../../src/sqlite.ts'

const task = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'], horizonSeconds: 3600 })
const start = Date.UTC(2026, 0, 2)
const later = start + 24 * 3_600_000
/** Enough for two sealed runs, of 32,768 each, and some that are not sealed. */
const LINES = 70_000

const predictionOf = (place: number): Prediction => ({
  id: formatTrackingId({
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    spanId: (place + 1).toString(16).padStart(16, '0'),
  }),
  task,
  model: { name: 'filter', version: '1' },
  time: start,
  value: 'spam',
  entity: `mail-${place % 1000}`,
  ...(place % 7 === 0 ? { user: `pseudonym-${place % 91}` } : {}),
})
const ratingOf = (place: number): Feedback => ({
  kind: 'rating',
  right: place % 2 === 0,
  id: feedbackId('recipient', String(place)),
  target: { prediction: predictionOf(place).id },
  time: start + 60_000,
  source: 'recipient',
})

let folder = ''
let sound = ''

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'groundtrace-doctor-'))
  sound = join(folder, 'sound.db')
  const register = openSqliteRegister({ path: sound, tasks: [task], thread: 'caller', now: () => start })
  for (let from = 0; from < LINES; from += 10_000) {
    await register.appendPredictions(Array.from({ length: 10_000 }, (_, place) => predictionOf(from + place)))
  }
  await register.appendFeedback(Array.from({ length: 20 }, (_, place) => ratingOf(place)))
  await register.appendFeedback([ratingOf(LINES + 5)])
  await register.closeHorizons({ now: later })
  await register.advance('quality', 'outcomes', () => [])
  await register.prune({ before: start + 1, limit: 3 })
  await register.close()
})

afterAll(() => rmSync(folder, { recursive: true }))

let copies = 0
/** A copy that is damaged by SQL. */
function damaged(...statements: readonly string[]): string {
  const path = join(folder, `damaged-${(copies += 1)}.db`)
  copyFileSync(sound, path)
  const database = new DatabaseSync(path)
  database.exec('PRAGMA foreign_keys = OFF')
  for (const statement of statements) database.exec(statement)
  database.close()
  return path
}

const examine = (path: string, options: Partial<SqliteExamination> = {}): readonly Finding[] => [
  ...examineSqliteRegister({ path, now: () => later, freeBytes: () => 2 ** 40, ...options }),
]
const wrong = (findings: readonly Finding[]): readonly string[] =>
  findings.filter(({ ok }) => !ok).map(({ check }) => check)

describe('a sound register', () => {
  test.each([false, true])('has nothing wrong, after pruning too (full: %j)', (full) => {
    const findings = examine(sound, { full })
    expect(findings.filter(({ ok }) => !ok)).toEqual([])
    expect(findings.map(({ check }) => check)).toEqual(
      expect.arrayContaining([
        'storage',
        'schema',
        'positions',
        'tallies',
        'cursors',
        'keys',
        'horizons',
        'losses',
        'disk',
      ]),
    )
  })

  test('is not written to', () => {
    const { size, mtimeMs } = statSync(sound)
    examine(sound, { full: true })
    expect(statSync(sound)).toMatchObject({ size, mtimeMs })
  })
})

describe('real damage is found, each by its check', () => {
  test.each<[string, string, string]>([
    [
      'a flipped outcome version',
      'UPDATE predictions SET outcome_version = outcome_version + 1 WHERE position = 10',
      'latest outcomes',
    ],
    ['a missing outcome version', 'UPDATE outcomes SET version = 5 WHERE position = 10', 'outcome versions'],
    ['a tally that is off by one', "UPDATE tallies SET value = value + 1 WHERE name = 'outcomes.settled'", 'tallies'],
    [
      'a tally of feedback that is off by one',
      "UPDATE tallies SET value = value - 1 WHERE name = 'feedback.joined'",
      'tallies',
    ],
    ['feedback about nothing', 'UPDATE feedback SET prediction = 999999 WHERE position = 8', 'references'],
    ['feedback that was deleted', 'DELETE FROM feedback WHERE position = 8', 'positions'],
    [
      'a prediction that is open after its horizon line',
      'UPDATE predictions SET closed = 0 WHERE position = 60',
      'horizon lines',
    ],
    [
      'an open prediction that nobody would close',
      'UPDATE predictions SET closed = 0, time = 1 WHERE position = 60',
      'open predictions',
    ],
    ['a payload of nobody', "INSERT INTO feedback_payloads (words_json) VALUES ('{}')", 'payloads'],
    ['a payload that is gone', 'UPDATE feedback SET payload = 999999 WHERE position = 8', 'payloads'],
    [
      'a data set that lacks a member',
      "INSERT INTO lineage (id, data_set, line_json, members, recorded) VALUES ('a', 'ds-1', '{}', 1, 0)",
      'data sets',
    ],
    ['a cursor after its ledger', 'UPDATE cursors SET position = 999999999', 'cursors'],
    ['the first of the sealed runs deleted', 'DELETE FROM key_runs WHERE id = (SELECT min(id) FROM key_runs)', 'keys'],
    ['the sealed runs of business keys deleted', 'DELETE FROM key_runs WHERE key_index = 1', 'keys'],
    ['all sealed runs deleted', 'DELETE FROM key_runs', 'keys'],
    ['a page of keys deleted', 'DELETE FROM key_pages', 'keys'],
    ['an outcome that is no JSON', "UPDATE outcomes SET verdict_json = 'x' WHERE position = 30000", 'tallies'],
    ['a newer schema', "INSERT INTO schema_versions VALUES (99, 'later', 0)", 'schema'],
    ['another application', 'PRAGMA application_id = 7', 'schema'],
  ])('%s', (_, statement, check) => {
    const findings = examine(damaged(statement))
    expect(wrong(findings)).toContain(check)
    expect(findings.filter(({ ok, nextStep }) => ok !== (nextStep === undefined))).toEqual([])
  })

  test('one damage is told with its figure and an example, and other checks stay silent', () => {
    const path = damaged("UPDATE tallies SET value = value + 1 WHERE name = 'predictions'")
    expect(examine(path).filter(({ ok }) => !ok)).toMatchObject([
      { check: 'tallies', found: 'predictions says 70,001, and there are 70,000' },
    ])
    const flipped = damaged('UPDATE predictions SET outcome_version = 2 WHERE position = 60')
    expect(examine(flipped).find(({ check }) => check === 'latest outcomes')?.found).toContain(predictionOf(59).id)
  })

  test('a single lost key is found when every prediction is looked for', () => {
    const path = damaged("UPDATE predictions SET id = id || 'x' WHERE position = 500")
    expect(wrong(examine(path, { full: true }))).toContain('keys')
  })

  test('a truncated file', () => {
    const path = damaged()
    truncateSync(path, Math.floor(statSync(path).size / 2))
    expect(wrong(examine(path))).toContain('storage')
  })

  test('a file that is none of SQLite', () => {
    const findings = examine(join(import.meta.dirname, 'doctor.test.ts'))
    expect(findings).toMatchObject([{ check: 'storage', found: expect.stringMatching(/no SQLite file/) as unknown }])
    expect(findings[0]?.nextStep).toMatch(/Name the register/)
  })

  test('predictions that nobody closes, from ten minutes after their horizon on', () => {
    const path = damaged(
      'DELETE FROM outcomes WHERE position = 60',
      'UPDATE predictions SET closed = 0 WHERE position = 60',
    )
    const horizon = start + 3_600_000
    expect(wrong(examine(path, { now: () => horizon + 599_999 }))).not.toContain('horizons')
    const late = examine(path, { now: () => horizon + 600_000 }).find(({ check }) => check === 'horizons')
    expect(late).toMatchObject({ ok: false, found: expect.stringContaining('1 predictions') as unknown })
  })

  test('a disk that is nearly full', () => {
    expect(wrong(examine(sound, { freeBytes: () => 1000 }))).toEqual(['disk'])
  })
})
