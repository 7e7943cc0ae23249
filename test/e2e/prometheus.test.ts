import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Register } from '@groundtrace/core'
import { countScores, loopMetrics, scoreDrift } from '@groundtrace/prometheus'
import { openSqliteRegister } from '@groundtrace/register'
import { Registry as SuccessorRegistry } from '@prometheus-io/client'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serveMetrics, type MetricsPage } from '../services/metrics-page.ts'
import {
  hasPrometheus,
  PROMETHEUS_BINARY,
  startPrometheus,
  type Prometheus,
  type Sample,
} from '../services/prometheus.ts'
import { until } from '../services/until.ts'
import {
  AUDITS,
  CORRECTIONS,
  FIRST_GENERATION,
  inTwoParts,
  lateTruth,
  MAILS,
  membersOf,
  ORPHAN,
  SECOND_GENERATION,
  START,
  TASK,
} from './mail-day.ts'

const root = join(import.meta.dirname, '../..')
const rules = join(root, 'dashboards/generated/groundtrace.rules.yaml')
const run = promisify(execFile)

/** Behind every figure at least: enough for the extrapolation of increases to be small. */
const SAMPLES = 18

interface PanelJson {
  readonly title: string
  readonly type: string
  readonly targets?: readonly { readonly refId: string; readonly expr: string }[]
}
const dashboard = JSON.parse(readFileSync(join(root, 'dashboards/generated/loop-at-a-glance.json'), 'utf8')) as {
  readonly panels: readonly PanelJson[]
  readonly annotations: { readonly list: readonly { readonly expr: string }[] }
}
const queries = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ refId, expr }) => [title, refId, expr] as const),
)

/** What Grafana would fill in. */
function filledIn(expr: string, evidence = 10): string {
  return expr
    .replaceAll(/\$__rate_interval|\$window/g, '10m')
    .replaceAll('$__interval', '1s')
    .replaceAll('$evidence', String(evidence))
    .replaceAll('$task', 'spam')
    .replaceAll('$part', 'whole')
    .replaceAll('$class', 'ham|spam')
    .replaceAll(/\$(model|version)/g, '.+')
}

function queryOf(title: string, refId: string): string {
  const found = queries.find(([panel, ref]) => panel === title && ref === refId)
  if (found === undefined) throw new Error(`The dashboard has no query ${refId} in panel ${title}`)
  return found[2]
}

/** The lines of a page; drift monitors are watched by one exporter only. */
const linesOf = (text: string): ReadonlySet<string> =>
  new Set(text.split('\n').filter((line) => !line.startsWith('groundtrace_score_drift')))

const withLabels = (samples: readonly Sample[], labels: Readonly<Record<string, string>>): readonly Sample[] =>
  samples.filter(({ metric }) => Object.entries(labels).every(([label, value]) => metric[label] === value))

const named = (samples: readonly { readonly metric: Sample['metric'] }[]): ReadonlySet<string> =>
  new Set(samples.map(({ metric }) => `${metric['model']} ${metric['version']}`))

// A missing service is a failure in CI: there `startPrometheus` says so. Elsewhere npm test lists what was skipped.
describe.skipIf(!hasPrometheus && process.env['CI'] !== 'true')('a real Prometheus and the dashboard over it', () => {
  let register: Register
  let page: MetricsPage
  let prometheus: Prometheus
  const registry = new Registry()

  async function isScraped(expr: string, value: number): Promise<void> {
    await until(async () => {
      const [sample] = await prometheus.query(expr)
      return sample?.value === value ? true : undefined
    }, `${expr} is ${value}`)
  }

  beforeAll(async () => {
    register = openSqliteRegister({ path: ':memory:', tasks: [TASK] })
    const metrics = loopMetrics({ register, registry })
    const drift = scoreDrift({
      task: 'spam',
      model: 'filter',
      version: 'v1',
      reference: countScores([...Array.from({ length: 250 }, () => 0.05), ...Array.from({ length: 250 }, () => 0.95)]),
    })
    for (let unit = 0; unit < 200; unit++) drift.observe(unit < 180 ? 0.05 : 0.95)
    metrics.watch(drift)
    page = await serveMetrics(registry)
    prometheus = await startPrometheus({ target: page.target, rules })

    const [early, later] = inTwoParts(MAILS, 4).map((mails) => [
      // A member is done before its whole.
      ...membersOf(mails),
      ...mails.map(({ prediction }) => prediction),
    ])
    await register.appendLineage(FIRST_GENERATION)
    await register.appendPredictions(early ?? [])
    await isScraped('sum(groundtrace_predictions_total{part="whole"})', 135)
    await register.appendPredictions(later ?? [])
    await isScraped('sum(groundtrace_predictions_total{part="whole"})', 540)
    await isScraped('sum(groundtrace_predictions_total{part="member"})', 540)

    const [someAudits, otherAudits] = inTwoParts(AUDITS, 5)
    const [someCorrections, otherCorrections] = inTwoParts(CORRECTIONS, 5)
    await register.appendFeedback([...someAudits, ...someCorrections])
    await isScraped('sum(groundtrace_feedback_total)', 20)
    await register.appendFeedback([...otherAudits, ...otherCorrections, ORPHAN])
    await isScraped('sum(groundtrace_feedback_total)', 100)

    await register.closeHorizons({ now: START + TASK.horizonSeconds * 1000 })
    await register.appendFeedback([lateTruth(), ...AUDITS.slice(0, 3)])
    await register.recordLoss({ 'queue-full': 3 })
    await register.appendLineage(SECOND_GENERATION)
    await isScraped('sum(groundtrace_outcomes_total{part="whole"})', 540)
    await isScraped('sum(groundtrace_outcomes_total{part="member"})', 540)
    await isScraped('sum(groundtrace_feedback_total)', 101)
    await isScraped('sum(groundtrace_deployments_total)', 2)
    await until(async () => {
      const [sample] = await prometheus.query('min(count_over_time(groundtrace_predictions_total[10m]))')
      return sample !== undefined && sample.value >= SAMPLES ? true : undefined
    }, `every series has ${SAMPLES} samples`)
  })

  afterAll(async () => {
    await prometheus?.stop()
    await page?.close()
    await register?.close()
  })

  test.each(queries)('panel “%s” %s can be evaluated', async (_title, _refId, expr) => {
    await expect(prometheus.query(filledIn(expr))).resolves.toBeInstanceOf(Array)
  })

  // Worked out by hand from the table of mail-day.ts. Shares are exact, whatever Prometheus extrapolates: all their
  // series begin at 0, or rise in step.
  test.each([
    ['Register', 'A', {}, 1],
    ['Lines lost', 'A', {}, 3],
    ['Open predictions', 'A', {}, 0],
    ['Orphaned feedback', 'A', {}, 1],
    ['Live versions', 'A', { version: 'v2' }, 1],
    ['Predicted share by class', 'A', { predicted: 'spam' }, 140 / 540],
    ['Predicted share by class', 'A', { predicted: 'ham' }, 400 / 540],
    ['Units behind the drift figure', 'A', { version: 'v1' }, 200],
    // Right: 8 + 9 spam, 19 + 50 ham; known: 20 + 20 + 60.
    ['Accuracy at the horizon', 'A', { version: 'v1' }, 86 / 100],
    ['Precision at the horizon', 'A', { predicted: 'spam' }, 17 / 20],
    ['Precision at the horizon', 'A', { predicted: 'ham' }, 69 / 80],
    ['Recall at the horizon', 'A', { truth: 'spam' }, 17 / 28],
    ['Recall at the horizon', 'A', { truth: 'ham' }, 69 / 72],
    // It always says spam: 8 + 9 + 1 + 10 of 100.
    ['Members by the truth of their whole', 'A', { model: 'words' }, 28 / 100],
    ['Precision: naive and weighted', 'A', { predicted: 'spam' }, 17 / 20],
    // 8/0.25 + 9/0.1 = 122 of 10/0.25 + 10/0.1 = 140.
    ['Precision: naive and weighted', 'B', { predicted: 'spam' }, 122 / 140],
    ['Recall: naive and weighted', 'A', { truth: 'spam' }, 17 / 28],
    // 122 of 122 + 1/0.05 = 142.
    ['Recall: naive and weighted', 'B', { truth: 'spam' }, 122 / 142],
    ['Recall: naive and weighted', 'B', { truth: 'ham' }, 380 / 398],
    // Answered: 20 + 20 + 60 of 540.
    ['Feedback coverage', 'A', {}, 100 / 540],
    // 60 answers in (10, 60] seconds, 40 in (1 h, 6 h]: linear within the bucket of the rank.
    ['Feedback delay', 'A', {}, 10 + (50 * 50) / 60],
    ['Feedback delay', 'B', {}, 3600 + (18_000 * 30) / 40],
    ['Feedback delay', 'C', {}, 3600 + (18_000 * 39) / 40],
    ['Truths revised after the horizon', 'A', { predicted: 'ham', old: 'ham', new: 'spam' }, 1],
    ['Holdout by action and propensity', 'C', { action: 'block', propensity: '0.1' }, 10],
    ['Holdout by action and propensity', 'C', { action: 'pass', propensity: '0.05' }, 20],
    ['Examples of each version', 'A', { version: 'v1' }, 8],
    ['Examples of each version', 'A', { version: 'v2' }, 12],
    ['Examples of each version', 'B', { version: 'v1' }, 4],
    ['Retrainings asked for', 'A', { trigger: 'drift' }, 1],
    ['Decisions of the promotion gate', 'A', { decision: 'promote' }, 1],
    ['Lines lost by reason', 'A', { reason: 'queue-full' }, 3],
  ] as const)('panel “%s” %s %j is %d', async (title, refId, labels, expected) => {
    const samples = withLabels(await prometheus.query(filledIn(queryOf(title, refId))), labels)
    expect(samples).toHaveLength(1)
    expect(samples[0]?.value).toBeCloseTo(expected, 9)
  })

  // Counts over a window: Prometheus adds half an interval at the beginning and 1.1 intervals at the end, at most.
  test.each([
    ['Outcomes by state', 'A', { state: 'settled' }, 100],
    ['Outcomes by state', 'A', { state: 'expired' }, 320],
    ['Outcomes by state', 'A', { state: 'censored' }, 120],
    ['Feedback refused', 'A', { status: 'duplicate' }, 3],
    // The first quarter was there at the first scrape.
    ['Holdout by action and propensity', 'A', { action: 'block', propensity: '0.1' }, 75],
    ['Holdout by action and propensity', 'A', { action: 'pass', propensity: '0.05' }, 300],
    ['Predictions per second', 'A', { version: 'v1' }, 405 / 600],
    // (4·10 + 10·10)² / (16·10 + 100·10)
    ['Effective sample size of the weighted figures', 'A', { predicted: 'spam' }, 140 ** 2 / 1160],
    // (4·8 + 10·9 + 20)² / (16·8 + 100·9 + 400)
    ['Effective sample size of the weighted figures', 'B', { truth: 'spam' }, 142 ** 2 / 1428],
  ] as const)('panel “%s” %s %j is about %d', async (title, refId, labels, expected) => {
    const samples = withLabels(await prometheus.query(filledIn(queryOf(title, refId))), labels)
    expect(samples).toHaveLength(1)
    expect((samples[0]?.value ?? 0) / expected).toBeGreaterThan(1 - 1e-9)
    expect((samples[0]?.value ?? 0) / expected).toBeLessThan(1 + 1.6 / (SAMPLES - 1) + 1e-9)
  })

  test('the version in service is live, and one that predicts and was never declared', async () => {
    const live = await prometheus.query(filledIn(queryOf('Live versions', 'A')))
    expect(named(live)).toEqual(new Set(['filter v2', 'words v1']))
  })

  test('drift is above chance, and both stand on the panel', async () => {
    const [index] = await prometheus.query(filledIn(queryOf('Score drift against chance', 'A')))
    const [threshold] = await prometheus.query(filledIn(queryOf('Score drift against chance', 'B')))
    // Shares 0.9 and 0.1 against 0.5 and 0.5: 0.4 ln 1.8 + 0.4 ln 5.
    expect(index?.value).toBeCloseTo(0.4 * Math.log(1.8) + 0.4 * Math.log(5), 9)
    expect(index?.value).toBeGreaterThan(threshold?.value ?? Number.POSITIVE_INFINITY)
  })

  test.each([
    ['Accuracy at the horizon', 'A'],
    ['Precision at the horizon', 'A'],
    ['Recall at the horizon', 'A'],
    ['Precision: naive and weighted', 'A'],
    ['Precision: naive and weighted', 'B'],
    ['Recall: naive and weighted', 'B'],
    ['Feedback coverage', 'A'],
    ['Feedback delay', 'A'],
  ])('panel “%s” %s has no value when the evidence is too little', async (title, refId) => {
    expect(await prometheus.query(filledIn(queryOf(title, refId), 1000))).toEqual([])
  })

  test('a deployment is an annotation at the moment that the version went live, declared or seen', async () => {
    const expr = filledIn(dashboard.annotations.list[0]?.expr ?? '')
    const deployed = new Set(['filter v1', 'filter v2', 'filter v3', 'words v1'])
    expect(named(await prometheus.queryRange(expr, 60, 1))).toEqual(deployed)
    expect(named(await prometheus.query(expr.replaceAll('1s', '1h')))).toEqual(deployed)
  })

  test('the rules load, are evaluated without error, and those that apply are pending or fire', async () => {
    const active = await until(async () => {
      const answer = (await prometheus.get('/api/v1/rules')) as {
        readonly data: {
          readonly groups: readonly { readonly rules: readonly { name: string; health: string; state: string }[] }[]
        }
      }
      const loaded = answer.data.groups.flatMap((group) => group.rules)
      if (loaded.length === 0 || loaded.some(({ health }) => health === 'unknown')) return undefined
      expect(loaded.filter(({ health }) => health !== 'ok')).toEqual([])
      const found = loaded.filter(({ state }) => state !== 'inactive').map(({ name }) => name)
      return found.includes('GroundtraceLinesLost') ? found : undefined
    }, 'the rules are evaluated and the loss is seen')
    expect(active.sort()).toEqual(['GroundtraceLinesLost', 'GroundtraceScoreDrift'])
  })

  test('prom-client and its successor print the same series of one register', async () => {
    const successor = new SuccessorRegistry()
    loopMetrics({ register, registry: successor })
    expect(linesOf(await successor.metrics())).toEqual(linesOf(await registry.metrics()))
  })

  test('promtool finds nothing to object to in rules and page', async () => {
    const promtool = join(dirname(PROMETHEUS_BINARY), 'promtool')
    await expect(run(promtool, ['check', 'rules', rules])).resolves.toBeDefined()
    const checked = run(promtool, ['check', 'metrics'])
    checked.child.stdin?.end(await registry.metrics())
    await expect(checked).resolves.toMatchObject({ stdout: '', stderr: '' })
  })

  test('a register that is gone leaves gaps, not zeros', async () => {
    await register.close()
    await isScraped('groundtrace_register_up', 0)
    for (const title of ['Accuracy at the horizon', 'Lines lost', 'Open predictions']) {
      const expr = filledIn(queryOf(title, 'A')).replaceAll('increase', 'sum_over_time').replaceAll('[10m]', '[1500ms]')
      await until(async () => ((await prometheus.query(expr)).length === 0 ? true : undefined), `${title} is blank`)
    }
    expect(await registry.metrics()).not.toMatch(/^groundtrace_verdicts_total\{/m)
  })
})
