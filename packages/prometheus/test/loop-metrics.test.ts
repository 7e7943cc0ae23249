import { Registry as SuccessorRegistry, WorkerRegistry } from '@prometheus-io/client'
import { AggregatorRegistry, Registry } from 'prom-client'
import { describe, expect, test } from 'vitest'
import { CATALOGUE, loopMetrics, type LoopMetricsOptions } from '@groundtrace/prometheus'
import { LABELS } from '../src/labels.ts'
import { filled } from './filled-register.ts'
import { id, prediction } from './lines.ts'
import { MemoryRegister } from './memory-register.ts'

/** Series of a page by name and labels. */
function seriesOf(page: string): ReadonlyMap<string, number> {
  const lines = page.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => {
      const [, series = '', value = ''] = /^(.*) (\S+)$/.exec(line) ?? []
      const [, name = series, labels = ''] = /^([^{]+)\{(.*)\}$/.exec(series) ?? []
      return [`${name}{${labels.split(',').sort().join(',')}}`, Number(value)]
    }),
  )
}

const CLIENTS = [
  ['prom-client 15', () => new Registry()],
  ['@prometheus-io/client', () => new SuccessorRegistry()],
] as const

describe.each(CLIENTS)('in a registry of %s', (_, newRegistry) => {
  test('every metric of the catalogue is there with its type and help', async () => {
    const registry = newRegistry()
    loopMetrics({ register: filled(), registry })
    const page = await registry.metrics()
    for (const [name, { type, help }] of Object.entries(CATALOGUE)) {
      expect(page).toContain(`# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`)
    }
  })

  test('a scrape shows what the ledgers hold', async () => {
    const registry = newRegistry()
    loopMetrics({ register: filled(), registry })
    const series = seriesOf(await registry.metrics())
    expect(
      series.get(
        `groundtrace_predictions_total{action="(none)",model="filter",part="whole",predicted="spam",task="spam",version="v1"}`,
      ),
    ).toBe(1)
    expect(
      series.get(
        'groundtrace_confusion_total{model="filter",part="whole",predicted="spam",task="spam",truth="ham",verdict="incorrect",version="v1"}',
      ),
    ).toBe(1)
    expect(
      series.get(
        'groundtrace_confusion_total{model="filter",part="whole",predicted="ham",task="spam",truth="spam",verdict="incorrect",version="v1"}',
      ),
    ).toBe(0)
    expect(series.get('groundtrace_deployments_total{model="filter",version="v1"}')).toBe(1)
    expect(series.get('groundtrace_feedback_refused_total{status="duplicate"}')).toBe(4)
    expect(series.get('groundtrace_lines_lost_total{reason="queue-full"}')).toBe(5)
    expect(series.get('groundtrace_feedback_orphans{}')).toBe(2)
    expect(series.get('groundtrace_predictions_open{}')).toBe(3)
    expect(series.get('groundtrace_next_horizon_timestamp_seconds{}')).toBe(1_767_225_600.5)
    expect(series.get('groundtrace_register_up{}')).toBe(1)
  })

  test('a receiver is shown by status and by what became of its lines; without one there are no such series', async () => {
    const registry = newRegistry()
    const figures = { requests: { 200: 3, 503: 1 }, lines: { stored: 5, ignored: 2 }, bytesInFlight: 70 }
    loopMetrics({ register: filled(), registry, receiver: () => figures })
    const series = seriesOf(await registry.metrics())
    expect(series.get('groundtrace_receiver_requests_total{code="503"}')).toBe(1)
    expect(series.get('groundtrace_receiver_lines_total{receipt="stored"}')).toBe(5)
    expect(series.get('groundtrace_receiver_lines_total{receipt="ignored"}')).toBe(2)
    expect(series.get('groundtrace_receiver_in_flight_bytes{}')).toBe(70)
    const without = newRegistry()
    loopMetrics({ register: filled(), registry: without })
    expect(await without.metrics()).not.toMatch(/^groundtrace_receiver/m)
  })

  test('a bridge to annotators is shown in counts; without one there are no such series', async () => {
    const registry = newRegistry()
    const unit = { project: 'crowd', state: 'sent', reason: 'random' }
    const figures = {
      // Two that differ in what no label tells.
      units: [
        { ...unit, units: 3 },
        { ...unit, units: 4, why: 'task-deleted' },
      ],
      answers: [{ kind: 'given', answers: 12 }],
      gaps: [{ project: 'crowd', kind: 'restored', gaps: 1 }],
      feedback: { waiting: 2, stored: 5 },
      truths: [{ project: 'crowd', stage: 'escalated', units: 6 }],
      truthLines: [{ project: 'crowd', said: 'retraction', lines: 2 }],
      projects: [{ project: 'crowd', swept: 1_767_225_600_500 }, { project: 'expert' }],
    }
    loopMetrics({ register: filled(), registry, annotation: () => figures })
    const series = seriesOf(await registry.metrics())
    expect(series.get('groundtrace_annotation_units{pick="random",project="crowd",standing="sent"}')).toBe(7)
    expect(series.get('groundtrace_annotation_answers{answer="given"}')).toBe(12)
    expect(series.get('groundtrace_annotation_gaps_total{gap="restored",project="crowd"}')).toBe(1)
    expect(series.get('groundtrace_annotation_feedback{delivery="waiting"}')).toBe(2)
    expect(series.get('groundtrace_annotation_truths{held="escalated",project="crowd"}')).toBe(6)
    expect(series.get('groundtrace_annotation_truth_lines_total{project="crowd",word="retraction"}')).toBe(2)
    expect(series.get('groundtrace_annotation_read_timestamp_seconds{project="crowd"}')).toBe(1_767_225_600.5)
    expect(series.has('groundtrace_annotation_read_timestamp_seconds{project="expert"}')).toBe(false)
    const without = newRegistry()
    loopMetrics({ register: filled(), registry: without })
    expect(await without.metrics()).not.toMatch(/^groundtrace_annotation/m)
  })

  test('there is no next horizon when all predictions are closed', async () => {
    const registry = newRegistry()
    const register = filled()
    register.said = { open: 0 }
    loopMetrics({ register, registry })
    expect(await registry.metrics()).not.toMatch(/^groundtrace_next_horizon_timestamp_seconds[ {]/m)
  })

  test('a histogram has cumulative buckets up to infinity, a sum and a count', async () => {
    const registry = newRegistry()
    loopMetrics({ register: filled(), registry })
    const series = seriesOf(await registry.metrics())
    const labels = 'model="filter",part="whole",task="spam",version="v1"'
    const bucket = (bound: string) => series.get(`groundtrace_prediction_score_bucket{le="${bound}",${labels}}`)
    // By hand: scores 0.9 and 0.05.
    expect(['0.1', '0.2', '0.8', '0.9', '1', '+Inf'].map(bucket)).toEqual([1, 1, 1, 2, 2, 2])
    expect(series.get(`groundtrace_prediction_score_sum{${labels}}`)).toBeCloseTo(0.95, 12)
    expect(series.get(`groundtrace_prediction_score_count{${labels}}`)).toBe(2)
  })

  test('default labels of the host stand on our series too, at every scrape', async () => {
    const registry = newRegistry()
    registry.setDefaultLabels({ service: 'mail' })
    loopMetrics({ register: filled(), registry })
    const first = await registry.metrics()
    expect(first).toContain('groundtrace_register_up{service="mail"} 1')
    expect(await registry.metrics()).toBe(first)
  })

  test('OpenMetrics names counters once with _total, at every scrape', async () => {
    const registry = newRegistry()
    registry.setContentType('application/openmetrics-text; version=1.0.0; charset=utf-8' as never)
    loopMetrics({ register: filled(), registry })
    const first = await registry.metrics()
    expect(first).toContain('# TYPE groundtrace_predictions counter\ngroundtrace_predictions_total{')
    expect(first).not.toContain('_total_total')
    expect(first.endsWith('# EOF\n')).toBe(true)
    expect(await registry.metrics()).toBe(first)
  })

  test('a label value with quotes, a backslash and a line break stays one line', async () => {
    const register = new MemoryRegister()
    const classes = ['a"b\\c\nd', 'other'] as const
    register.lines.predictions.push(prediction({ task: { ...prediction().task, classes }, value: classes[0] }))
    const registry = newRegistry()
    loopMetrics({ register, registry })
    expect(await registry.metrics()).toContain('predicted="a\\"b\\\\c\\nd"')
  })

  test('remove takes everything out, and a new exporter may come', async () => {
    const registry = newRegistry()
    loopMetrics({ register: filled(), registry }).remove()
    expect(await registry.metrics()).not.toContain('groundtrace_')
    loopMetrics({ register: filled(), registry })
    expect(await registry.metrics()).toContain('groundtrace_register_up 1')
  })

  test('a second exporter in the same registry is a clear error, and the first goes on', async () => {
    const registry = newRegistry()
    loopMetrics({ register: filled(), registry })
    expect(() => loopMetrics({ register: filled(), registry })).toThrow(
      /has a metric groundtrace_predictions_total already\. Call remove\(\)/,
    )
    expect(await registry.metrics()).toContain('groundtrace_register_up 1')
  })
})

test('workers of a cluster share a register: their figures are not added up', async () => {
  const registries = [new Registry(), new Registry()]
  for (const registry of registries) loopMetrics({ register: filled(), registry })
  const workers = await Promise.all(registries.map((registry): Promise<object> => registry.getMetricsAsJSON()))
  for (const cluster of [AggregatorRegistry.aggregate(workers), WorkerRegistry.aggregate(workers)]) {
    const page = await cluster.metrics()
    expect(page).toContain('groundtrace_deployments_total{model="filter",version="v1"} 1')
    expect(page).toContain('groundtrace_lines_lost_total{reason="queue-full"} 5')
    expect(page).toContain('groundtrace_prediction_score_count{task="spam",model="filter",version="v1",part="whole"} 2')
  }
})

describe('counting', () => {
  test('update takes every ledger to its end and says how many lines it took', async () => {
    const register = filled()
    for (let line = 0; line < 2500; line++) register.lines.predictions.push(prediction({ id: id(line + 10) }))
    const metrics = loopMetrics({ register, registry: new Registry() })
    expect(await metrics.update()).toBe(2505)
    expect(await metrics.update()).toBe(0)
  })

  test('lets the host have its turn at least every 250 lines', async () => {
    const register = new MemoryRegister()
    for (let line = 0; line < 1000; line++) register.lines.predictions.push(prediction({ id: id(line + 1) }))
    let turns = 0
    let turn = setImmediate(function next() {
      turns += 1
      turn = setImmediate(next)
    })
    await loopMetrics({ register, registry: new Registry() }).update()
    clearImmediate(turn)
    expect(turns).toBeGreaterThanOrEqual(1000 / 250)
  })

  test('no line is counted twice, also by two exporters on one register', async () => {
    const register = filled()
    const registry = new Registry()
    const [one, two] = [loopMetrics({ register, registry }), loopMetrics({ register, registry: new Registry() })]
    const taken = await Promise.all([one.update(), two.update(), one.update()])
    expect(taken.reduce((sum, lines) => sum + lines, 0)).toBe(5)
    expect(await registry.metrics()).toContain('groundtrace_deployments_total{model="filter",version="v1"} 1')
  })

  test('a scrape counts so many lines at most and leaves the rest to the next', async () => {
    const register = new MemoryRegister()
    for (let line = 0; line < 30; line++) register.lines.predictions.push(prediction({ id: id(line + 1) }))
    const registry = new Registry()
    loopMetrics({ register, registry, linesPerScrape: 20 })
    const total =
      'groundtrace_predictions_total{task="spam",model="filter",version="v1",part="whole",predicted="ham",action="(none)"}'
    expect(await registry.metrics()).toContain(`${total} 20`)
    expect(await registry.metrics()).toContain(`${total} 30`)
  })

  test('with 0 lines a scrape only reads; update counts', async () => {
    const register = filled()
    const registry = new Registry()
    const metrics = loopMetrics({ register, registry, linesPerScrape: 0 })
    expect(await registry.metrics()).not.toContain('groundtrace_deployments_total{')
    expect(register.calls.advance).toBe(0)
    await metrics.update()
    expect(await registry.metrics()).toContain('groundtrace_deployments_total{')
  })
})

describe('a scrape', () => {
  test('reads the register once for all metrics', async () => {
    const register = filled()
    const registry = new Registry()
    const metrics = loopMetrics({ register, registry, linesPerScrape: 0 })
    await metrics.update()
    const before = register.calls.counts
    await registry.metrics()
    // The figures of metrics, and the cohorts that wait for answers.
    expect(register.calls.counts - before).toBe(2)
    expect(register.calls.totals).toBe(1)
  })

  test('shares its reading with scrapes at the same time', async () => {
    const register = filled()
    const registry = new Registry()
    loopMetrics({ register, registry, linesPerScrape: 0 })
    const pages = await Promise.all([registry.metrics(), registry.metrics(), registry.metrics()])
    expect(new Set(pages).size).toBe(1)
    expect(register.calls.totals).toBe(1)
  })

  test('costs as much as there are series, not as there is history', async () => {
    const register = filled()
    const registry = new Registry()
    const metrics = loopMetrics({ register, registry })
    await registry.metrics()
    const lines = (await registry.metrics()).split('\n').length
    for (let line = 0; line < 5000; line++) {
      register.lines.predictions.push(prediction({ id: id(line + 10), scores: { ham: 0.95, spam: 0.05 } }))
    }
    await metrics.update()
    expect((await registry.metrics()).split('\n')).toHaveLength(lines)
  })

  test('keeps to the bound of a label together with another exporter over the same register', async () => {
    const register = new MemoryRegister()
    const [here, there] = [new Registry(), new Registry()]
    for (const registry of [here, there]) loopMetrics({ register, registry })
    const act = (number: number) =>
      register.lines.predictions.push(prediction({ id: id(number), policy: { action: `action-${number}` } }))
    await there.metrics()
    for (let number = 1; number <= LABELS.action.bound.most; number++) act(number)
    await here.metrics()
    await there.metrics()
    act(1000)
    const series = seriesOf(await there.metrics())
    const counted = [...series.keys()].filter((name) => name.startsWith('groundtrace_predictions_total'))
    expect(counted.filter((name) => name.includes('action-'))).toHaveLength(LABELS.action.bound.most)
    expect(counted.filter((name) => name.includes('action="other"'))).toHaveLength(1)
    expect(await here.metrics()).toBe(await there.metrics())
  })

  test('keeps figures of others out that are in the same store', async () => {
    const register = new MemoryRegister()
    register.lines.predictions.push(prediction())
    await register.advance('somebody', 'predictions', () => [{ name: 'their_total', labels: {}, value: 1 }])
    const registry = new Registry()
    loopMetrics({ register, registry })
    expect(await registry.metrics()).not.toContain('their_total')
  })
})

test.each([
  [{ register: {} as never }, /register is no register\. Pass/],
  [{ registry: undefined as never }, /registry is no metrics registry\. Pass a Registry of prom-client/],
  [{ linesPerScrape: -1 }, /linesPerScrape -1/],
  [{ timeoutSeconds: 0 }, /timeoutSeconds 0/],
  [{ versions: 0.5 }, /versions 0.5/],
  [{ onError: 'log' as never }, /onError is no function/],
  [{ receiver: {} as never }, /receiver is no function/],
  [{ annotation: {} as never }, /annotation is no function/],
])('options %j are a clear error', (options: Partial<LoopMetricsOptions>, message) => {
  expect(() => loopMetrics({ register: filled(), registry: new Registry(), ...options })).toThrow(
    expect.objectContaining({ code: 'invalid-argument', message: expect.stringMatching(message) }),
  )
})
