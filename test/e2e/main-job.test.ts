import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { uniform } from '@groundtrace/exploration'
import { openSqliteRegister } from '@groundtrace/register'
import {
  propensityWeightedPrecision,
  propensityWeightedRecall,
  type Interval,
  type RevealedUnit,
} from '@groundtrace/statistics'
import type { Trace } from 'groundtrace'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LiveMail } from '../../examples/mail-triage/src/job-record.ts'
import { runMainJob } from '../../examples/mail-triage/src/main-job.ts'
import type { JobResult } from '../../examples/mail-triage/src/result.ts'
import { resultOf } from '../../examples/mail-triage/src/result.ts'
import { caveatsOf } from '../../examples/mail-triage/src/verdict.ts'
import { openTrackedMailService } from '../services/tracked-mail-service.ts'

const root = join(import.meta.dirname, '../..')
const run = promisify(execFile)

/** The main job as a user starts it. */
async function npmStart(...arguments_: string[]): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return await run('npm', ['start', '--', '--once', ...arguments_], { cwd: root, maxBuffer: 1 << 26 })
}

const holds = (interval: Interval | null | undefined, value: number | null): boolean =>
  interval !== null && interval !== undefined && value !== null && interval[0] <= value && value <= interval[1]

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)

/** Everything but what a clock and the memory of the machine say. */
const figures = ({ seconds: _seconds, rssMb: _rssMb, ...rest }: JobResult): Partial<JobResult> => rest

/** Share of these mails that are spam and were called spam. */
const caughtShare = (mails: readonly LiveMail[]): number =>
  mails.filter(({ truth, predicted }) => truth === 'spam' && predicted === 'spam').length / mails.length

describe('npm start -- --once --json', () => {
  let first: JobResult
  let stdout: string

  beforeAll(async () => {
    ;({ stdout } = await npmStart('--json'))
    first = JSON.parse(stdout) as JobResult
  })

  test('prints one JSON object and nothing else', () => {
    expect(stdout.trim().startsWith('{') && stdout.trim().endsWith('}')).toBe(true)
  })

  test('has the figures that the contract names', () => {
    const quality = {
      accuracy: expect.any(Number),
      balancedAccuracy: expect.any(Number),
      precision: expect.any(Number),
      recall: expect.any(Number),
    }
    const estimate = {
      value: expect.any(Number),
      interval: [expect.any(Number), expect.any(Number)],
      effectiveSampleSize: expect.any(Number),
    }
    expect(first).toMatchObject({
      data: { name: expect.any(String), records: 6046, licence: expect.any(String) },
      seed: 1,
      predictions: 5046,
      feedback: {
        received: expect.any(Number),
        joined: expect.any(Number),
        held: 0,
        duplicate: expect.any(Number),
        rejected: 0,
      },
      outcomes: { contested: expect.any(Number), retracted: expect.any(Number) },
      models: {
        filter: {
          loop: quality,
          frozen: quality,
          holdout: {
            tiers: [{ propensity: 0.25 }, { propensity: 0.1 }, { propensity: 0.03 }],
            naive: { precision: expect.any(Number), recall: expect.any(Number) },
            estimated: { precision: estimate, recall: estimate },
            actual: { precision: first.models.filter.loop.precision, recall: first.models.filter.loop.recall },
          },
        },
      },
      loss: {},
    })
  })

  test('adds up: every prediction is in one generation, one tier and one outcome', () => {
    const { predictions, outcomes, models } = first
    const { generations, holdout } = models.filter
    expect(sum(Object.values(outcomes))).toBe(predictions)
    expect(sum(generations.map((generation) => generation.predictions))).toBe(predictions)
    expect(sum(holdout.tiers.map(({ blocked }) => blocked)) + holdout.audit.passed).toBe(predictions)
    expect(outcomes.censored).toBe(sum(holdout.tiers.map(({ blocked, released }) => blocked - released)))
  })

  test('every feedback has one receipt', () => {
    const { received, joined, held, duplicate, rejected } = first.feedback
    expect(joined + held + duplicate + rejected).toBe(received)
  })

  test('walks every example back to its span', () => {
    expect(first.lineage).toEqual({ checked: first.examples.training + first.examples.validation, broken: 0 })
  })

  test('prints the figures that its README has', () => {
    const readme = readFileSync(join(root, 'examples/mail-triage/README.md'), 'utf8')
    const [, shift = ''] = /(The share of spam is .*?\. )/.exec(caveatsOf(first).join('\n')) ?? []
    expect(shift).not.toBe('')
    expect(readme).toContain(shift)
  })

  test('stays under 1 GiB', () => {
    expect(first.rssMb).toBeLessThan(1024)
  })

  test('gives the same figures for the same seed', async () => {
    const again = JSON.parse((await npmStart('--json', '--seed', '1')).stdout) as JobResult
    expect(figures(again)).toEqual(figures(first))
  })

  test('leaves a register that the command line reads, from prediction to version', async () => {
    const lineage = await run('npx', ['groundtrace', 'lineage', '--json', '-r', 'out/mail-triage/register.db'], {
      cwd: root,
    })
    const { versions } = JSON.parse(lineage.stdout) as { versions: readonly { version: string; predictions: number }[] }
    const served = versions.filter(({ predictions }) => predictions > 0).map(({ version }) => version)
    expect(served).toEqual(expect.arrayContaining(first.models.filter.generations.map(({ version }) => version)))
    const html = readFileSync(join(root, first.report), 'utf8')
    const [, id = ''] = /groundtrace trace ([0-9a-f-]+)/.exec(html) ?? []
    const trace = await run('npx', ['groundtrace', 'trace', id, '--json', '-r', 'out/mail-triage/register.db'], {
      cwd: root,
    })
    const { trackingId, feedback, outcomes, dataSets } = JSON.parse(trace.stdout) as Trace
    expect(trackingId).toBe(id)
    expect(feedback.length).toBeGreaterThan(0)
    expect(outcomes.filter(({ phase }) => phase === 'horizon')).toHaveLength(1)
    expect(dataSets.some(({ role, versions }) => role === 'training' && versions.length > 0)).toBe(true)
  })

  test('lets no address, link or number of a mail into the register or the report', async () => {
    const register = openSqliteRegister({ path: join(root, 'out/mail-triage/register.db'), readOnly: true })
    const excerpts: string[] = []
    for (let after = 0; ;) {
      const { lines, position } = await register.read('predictions', { after })
      if (lines.length === 0) break
      excerpts.push(...lines.map(({ features }) => String(features?.excerpt)))
      after = position
    }
    await register.close()
    expect(excerpts.length).toBeGreaterThan(first.predictions)
    const told = /“(.*?)”/.exec(readFileSync(join(root, first.report), 'utf8'))?.[1] ?? ''
    expect(told).not.toBe('')
    expect([...excerpts, told].filter((text) => /[\w.+-]+@[\w-]+\.|https?:\/\/|www\.|\d/i.test(text))).toEqual([])
  })

  test('leaves what the last run wrote, when it is stopped', async () => {
    const report = join(root, first.report)
    const before = readFileSync(report, 'utf8')
    // In a process group of its own, all of which Ctrl-C stops.
    const child = spawn('npm', ['start', '--', '--once', '--seed', '9'], {
      cwd: root,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const exit = once(child, 'exit')
    for await (const line of createInterface(child.stderr)) {
      if (line.includes('500 of ')) break
    }
    process.kill(-(child.pid ?? 0), 'SIGINT')
    await exit
    expect(readFileSync(report, 'utf8')).toBe(before)
  })

  test('says what to do when nothing tracks the service, and leaves what the last run wrote', async () => {
    const untracked = ['--conditions=source', 'examples/mail-triage/src/main.ts', '--once']
    await expect(run(process.execPath, untracked, { cwd: root })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/without a tracking ID.*npm start/),
    })
    expect(existsSync(join(root, first.report))).toBe(true)
  })

  test('refuses a wrong option with the next step, and exits with 2', async () => {
    await expect(npmStart('--sed', '1')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--sed.*--help/s),
    })
    await expect(npmStart('--seed', 'one')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/"one" is no whole number/),
    })
  })
})

/** Precision and recall of the live filter, were the same mails drawn with another secret. */
function redrawn(
  mails: readonly LiveMail[],
  secret: string,
): { readonly precision: Interval | undefined; readonly recall: Interval | undefined } {
  const strata = new Map<string, { predicted: boolean; propensity: number; count: number }>()
  const units: RevealedUnit[] = []
  for (const { trackingId, predicted, truth, policy } of mails) {
    const unit = { predicted: predicted === 'spam', truth: truth === 'spam', propensity: policy.propensity ?? 1 }
    const key = `${unit.predicted} ${unit.propensity}`
    strata.set(key, { ...unit, count: (strata.get(key)?.count ?? 0) + 1 })
    if (uniform({ secret, purpose: 'redraw' }, trackingId) < unit.propensity) units.push(unit)
  }
  const options = {
    strata: [...strata.values()].map(({ predicted, propensity, count }) => ({ predicted, propensity, count })),
  }
  return {
    precision: propensityWeightedPrecision(units, options).interval,
    recall: propensityWeightedRecall(units, options).interval,
  }
}

describe('three other seeds', () => {
  const results: JobResult[] = []
  let mails: readonly LiveMail[] = []
  const folder = mkdtempSync(join(tmpdir(), 'groundtrace-seeds-'))

  beforeAll(async () => {
    for (const seed of [2, 3, 4]) {
      const service = openTrackedMailService({ seed, folder: join(folder, String(seed)) })
      const record = await runMainJob({ service })
      results.push(await resultOf(record, { seconds: 0, rssMb: 0, report: '' }))
      mails = record.mails
      await service.close()
    }
    // Three whole runs, which take a loaded machine a minute each.
  }, 600_000)

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('tell the same story: the loop beats the frozen version, and the naive monitor is far off', () => {
    for (const { models } of results) {
      const { loop, frozen, holdout } = models.filter
      expect(loop.balancedAccuracy).toBeGreaterThan(frozen.balancedAccuracy ?? 1)
      expect(loop.accuracy).toBeGreaterThan(frozen.accuracy ?? 1)
      for (const figure of ['precision', 'recall'] as const) {
        const off = (value: number | null): number => Math.abs((value ?? 0) - (holdout.actual[figure] ?? 0))
        expect(off(holdout.estimated[figure].value)).toBeLessThan(off(holdout.naive[figure]))
        expect(holds(holdout.estimated[figure].interval, holdout.naive[figure])).toBe(false)
      }
    }
  })

  test('are different runs', () => {
    expect(new Set(results.map(({ models }) => models.filter.loop.accuracy)).size).toBeGreaterThan(1)
  })

  test('break no lineage and lose nothing', () => {
    for (const { lineage, loss } of results) expect([lineage.broken, loss]).toEqual([0, {}])
  })

  test('intervals hold the truth as often as they say, over 300 other draws of the holdout', () => {
    const draws = 300
    const precision = caughtShare(mails.filter(({ predicted }) => predicted === 'spam'))
    const recall = caughtShare(mails.filter((mail) => mail.truth === 'spam'))
    const held = { precision: 0, recall: 0 }
    for (let draw = 0; draw < draws; draw += 1) {
      const intervals = redrawn(mails, `another secret, number ${draw}`)
      held.precision += holds(intervals.precision, precision) ? 1 : 0
      held.recall += holds(intervals.recall, recall) ? 1 : 0
    }
    // Of 300 intervals of 95 %, fewer than 273 hold the truth with a probability of 0.2 % (binomial).
    expect(held.precision).toBeGreaterThanOrEqual(273)
    expect(held.recall).toBeGreaterThanOrEqual(273)
  })
})
