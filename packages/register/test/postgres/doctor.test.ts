import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { examinePostgresRegister, openPostgresRegister } from '../../src/postgres.ts'
import { corrected, id, prediction, REPLY, TASKS } from '../../src/testing/fixtures.ts'
import { QUICK, startPostgres, type Postgres } from '../../../../test/services/postgres.ts'
import { hasPostgres } from './has-postgres.ts'
import { sql } from './sql.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

test('a server that is not there is a finding, without its password', async () => {
  const findings = await examinePostgresRegister({ url: 'postgres://nobody:geheim@127.0.0.1:1/none' })
  expect(findings).toMatchObject([{ check: 'schema', ok: false }])
  expect(JSON.stringify(findings)).not.toContain('geheim')
})

const end = (): number => Date.UTC(2100, 0, 1)

describe.skipIf(!hasPostgres)('over a server', () => {
  let postgres: Postgres
  const wrong = async (): Promise<readonly string[]> =>
    (await examinePostgresRegister({ url: postgres.url, now: end })).filter(({ ok }) => !ok).map(({ check }) => check)

  beforeAll(async () => {
    postgres = await startPostgres(QUICK)
    const register = await openPostgresRegister({ url: postgres.url, tasks: TASKS })
    // PostgreSQL's own JSON functions would fail over this label.
    const odd = 'with \u0000 in it'
    await register.appendPredictions([
      ...[1, 2, 3].map((number) => prediction(number)),
      prediction(4, { task: REPLY, value: odd, user: 'somebody' }),
    ])
    await register.appendFeedback([corrected(104, 4, odd, { user: 'somebody', comment: 'yes' })])
    await register.appendFeedback([
      {
        kind: 'rating',
        right: true,
        id: id(101),
        target: { prediction: id(1) },
        time: prediction(1).time,
        source: 'recipient',
      },
      {
        kind: 'rating',
        right: true,
        id: id(102),
        target: { prediction: id(99) },
        time: prediction(1).time,
        source: 'recipient',
      },
    ])
    await register.closeHorizons({ now: end() })
    await register.advance('quality', 'outcomes', () => [])
    await register.close()
  })
  afterAll(async () => await postgres.stop())

  test('nothing is wrong but that this server is set to lose what it acknowledges', async () => {
    expect(await wrong()).toEqual(['durability'])
  })

  test.each<[string, string, string, string]>([
    [
      'latest version moved',
      'UPDATE groundtrace.outcomes SET version = version + 7 WHERE version = 1',
      'UPDATE groundtrace.outcomes SET version = version - 7 WHERE version = 8',
      'outcome versions',
    ],
    [
      'a tally off by one',
      "UPDATE groundtrace.tallies SET value = value + 1 WHERE name = 'predictions'",
      "UPDATE groundtrace.tallies SET value = value - 1 WHERE name = 'predictions'",
      'tallies',
    ],
    [
      'feedback about nothing',
      'UPDATE groundtrace.feedback SET prediction = -prediction',
      'UPDATE groundtrace.feedback SET prediction = -prediction',
      'references',
    ],
    [
      'a payload of no prediction',
      'UPDATE groundtrace.predictions SET has_payload = false WHERE has_payload',
      'UPDATE groundtrace.predictions SET has_payload = true WHERE position IN (SELECT prediction FROM groundtrace.prediction_payloads)',
      'payloads',
    ],
    [
      'a payload of no feedback',
      'INSERT INTO groundtrace.feedback_payloads (feedback) VALUES (999999)',
      'DELETE FROM groundtrace.feedback_payloads WHERE feedback = 999999',
      'payloads',
    ],
    [
      'a cursor after its ledger',
      'UPDATE groundtrace.cursors SET position = position + 1000000',
      'UPDATE groundtrace.cursors SET position = position - 1000000',
      'cursors',
    ],
    [
      'a closed prediction made open',
      'INSERT INTO groundtrace.horizons SELECT min(position), 0 FROM groundtrace.predictions',
      'DELETE FROM groundtrace.horizons',
      'horizon lines',
    ],
    [
      'a newer schema',
      "INSERT INTO groundtrace.schema_versions VALUES (99, 'later', 0)",
      'DELETE FROM groundtrace.schema_versions WHERE version = 99',
      'schema',
    ],
  ])('%s is found', async (_, damage, repair, check) => {
    await sql(postgres.url, damage)
    expect(await wrong()).toContain(check)
    await sql(postgres.url, repair)
    expect(await wrong()).toEqual(['durability'])
  })
})
