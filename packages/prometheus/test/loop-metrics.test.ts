import { Registry as SuccessorRegistry, WorkerRegistry } from '@prometheus-io/client'
import { AggregatorRegistry, Counter, Registry } from 'prom-client'
import { describe, expect, test } from 'vitest'
import { CATALOGUE, loopMetrics, scoreDrift, type LoopMetricsOptions } from '@groundtrace/prometheus'
import { closed, id, joined, lineage, prediction } from './lines.ts'
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

function filled(): MemoryRegister {
  const register = new MemoryRegister()
  const spam = prediction({ value: 'spam', scores: { ham: 0.1, spam: 0.9 } })
  register.lines.predictions.push(spam, prediction({ scores: { ham: 0.95, spam: 0.05 } }))
  register.lines.feedback.push(joined({ time: 90_000 }, spam))
  register.lines.outcomes.push(closed(spam, { label: 'ham', correct: false }))
  register.lines.lineage.push(lineage({ kind: 'version-deployed', model: 'filter', version: 'v1', reason: 'first' }))
  register.said = {
    open: 3,
    feedback: { stored: 1, held: 0, orphaned: 2, duplicate: 4, conflict: 0, rejected: 1 },
    loss: { 'queue-full': 5 },
  }
  return register
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
        `groundtrace_predictions_total{action="(none)",model="filter",predicted="spam",task="spam",version="v1"}`,
      ),
    ).toBe(1)
    expect(
      series.get(
        'groundtrace_confusion_total{model="filter",predicted="spam",task="spam",truth="ham",verdict="incorrect",version="v1"}',
      ),
    ).toBe(1)
    expect(
      series.get(
        'groundtrace_confusion_total{model="filter",predicted="ham",task="spam",truth="spam",verdict="incorrect",version="v1"}',
      ),
    ).toBe(0)
    expect(series.get('groundtrace_deployments_total{model="filter",version="v1"}')).toBe(1)
    expect(series.get('groundtrace_feedback_refused_total{status="duplicate"}')).toBe(4)
    expect(series.get('groundtrace_lines_lost_total{reason="queue-full"}')).toBe(5)
    expect(series.get('groundtrace_feedback_orphans{}')).toBe(2)
    expect(series.get('groundtrace_predictions_open{}')).toBe(3)
    expect(series.get('groundtrace_register_up{}')).toBe(1)
  })

  test('a histogram has cumulative buckets up to infinity, a sum and a count', async () => {
    const registry = newRegistry()
    loopMetrics({ register: filled(), registry })
    const series = seriesOf(await registry.metrics())
    const labels = 'model="filter",task="spam",version="v1"'
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
    expect(page).toContain('groundtrace_prediction_score_count{task="spam",model="filter",version="v1"} 2')
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
      'groundtrace_predictions_total{task="spam",model="filter",version="v1",predicted="ham",action="(none)"}'
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
    expect(register.calls.counts - before).toBe(1)
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

  test('keeps figures of others out that are in the same store', async () => {
    const register = new MemoryRegister()
    register.lines.predictions.push(prediction())
    await register.advance('somebody', 'predictions', () => [{ name: 'their_total', labels: {}, value: 1 }])
    const registry = new Registry()
    loopMetrics({ register, registry })
    expect(await registry.metrics()).not.toContain('their_total')
  })
})

const failing = (): MemoryRegister => {
  const register = filled()
  register.gate = Promise.reject(new Error('disk full'))
  register.gate.catch(() => undefined)
  return register
}

describe('a register that fails', () => {
  test('leaves the page of the host as it is, says so, and shows no figure of the register: unknown is not zero', async () => {
    const registry = new Registry()
    new Counter({ name: 'host_requests_total', help: 'Requests.', registers: [registry] }).inc(7)
    const told: unknown[] = []
    loopMetrics({ register: failing(), registry, onError: (error) => told.push(error) })
    const page = await registry.metrics()
    expect(page).toContain('host_requests_total 7')
    expect(page).toContain('groundtrace_register_up 0')
    expect(page).toContain('groundtrace_scrape_errors_total 1')
    expect(page).not.toMatch(/^groundtrace_(predictions|verdicts|lines_lost|feedback)/m)
    expect(told).toEqual([new Error('disk full')])
  })

  test('is asked again at the next scrape, and its figures come back', async () => {
    const registry = new Registry()
    const register = failing()
    loopMetrics({ register, registry })
    await registry.metrics()
    register.gate = Promise.resolve()
    const page = await registry.metrics()
    expect(page).toContain('groundtrace_register_up 1')
    expect(page).toContain('groundtrace_scrape_errors_total 1')
    expect(page).toContain('groundtrace_deployments_total{model="filter",version="v1"} 1')
  })

  test('makes update reject with its error', async () => {
    const metrics = loopMetrics({ register: failing(), registry: new Registry() })
    await expect(metrics.update()).rejects.toThrow('disk full')
  })

  test('that hangs delays the page to the deadline only, and is not asked a second time meanwhile', async () => {
    const registry = new Registry()
    const register = filled()
    const { promise, resolve } = Promise.withResolvers<void>()
    register.gate = promise
    const told: unknown[] = []
    loopMetrics({ register, registry, timeoutSeconds: 0.01, onError: (error) => told.push(error) })
    expect(await registry.metrics()).toContain('groundtrace_register_up 0')
    const asked = register.calls.counts
    expect(await registry.metrics()).toContain('groundtrace_scrape_errors_total 2')
    expect(register.calls.counts).toBe(asked)
    expect(told[0]).toMatchObject({
      code: 'register-unavailable',
      message: expect.stringContaining('within 0.01 seconds'),
    })
    resolve()
    expect(await registry.metrics()).toContain('groundtrace_register_up 1')
  })

  test('an onError that throws does not break the page either', async () => {
    const registry = new Registry()
    loopMetrics({ register: failing(), registry, onError: brokenLogger })
    expect(await registry.metrics()).toContain('groundtrace_register_up 0')
  })
})

const brokenLogger = () => {
  throw new Error('logger is broken')
}

const drift = () =>
  scoreDrift({ task: 'spam', model: 'filter', version: 'v1', reference: Array.from({ length: 10 }, () => 50) })

describe('drift monitors', () => {
  test('a blind one says that it is, and shows neither index nor threshold', async () => {
    const registry = new Registry()
    loopMetrics({ register: filled(), registry }).watch(drift())
    const page = await registry.metrics()
    expect(page).toContain('groundtrace_score_drift_blind{task="spam",model="filter",version="v1"} 1')
    expect(page).toContain('groundtrace_score_drift_units{task="spam",model="filter",version="v1"} 0')
    expect(page).not.toMatch(/^groundtrace_score_drift_(psi|threshold)\{/m)
  })

  test('one that sees shows index, threshold and units', async () => {
    const registry = new Registry()
    const monitor = drift()
    for (let unit = 0; unit < 100; unit++) monitor.observe((unit % 10) / 10 + 0.05)
    loopMetrics({ register: filled(), registry }).watch(monitor)
    const page = await registry.metrics()
    expect(page).toContain('groundtrace_score_drift_psi{task="spam",model="filter",version="v1"} 0')
    expect(page).toMatch(/^groundtrace_score_drift_threshold\{.*\} 0\.\d+$/m)
    expect(page).toContain('groundtrace_score_drift_blind{task="spam",model="filter",version="v1"} 0')
  })

  test('a new monitor of a version takes the place of the old one; unwatch takes it away', async () => {
    const registry = new Registry()
    const metrics = loopMetrics({ register: filled(), registry })
    const second = drift()
    metrics.watch(drift())
    metrics.watch(second)
    second.observe(0.5)
    expect(await registry.metrics()).toContain(
      'groundtrace_score_drift_units{task="spam",model="filter",version="v1"} 1',
    )
    metrics.unwatch(second)
    expect(await registry.metrics()).not.toContain('groundtrace_score_drift_units{')
  })

  test('are on the page when the register fails', async () => {
    const registry = new Registry()
    const register = filled()
    register.gate = Promise.reject(new Error('gone'))
    register.gate.catch(() => undefined)
    loopMetrics({ register, registry }).watch(drift())
    expect(await registry.metrics()).toContain('groundtrace_score_drift_units{')
  })
})

test.each([
  [{ register: {} as never }, /register is no register\. Pass/],
  [{ registry: undefined as never }, /registry is no metrics registry\. Pass a Registry of prom-client/],
  [{ linesPerScrape: -1 }, /linesPerScrape -1/],
  [{ timeoutSeconds: 0 }, /timeoutSeconds 0/],
  [{ versions: 0.5 }, /versions 0.5/],
  [{ onError: 'log' as never }, /onError is no function/],
])('options %j are a clear error', (options: Partial<LoopMetricsOptions>, message) => {
  expect(() => loopMetrics({ register: filled(), registry: new Registry(), ...options })).toThrow(
    expect.objectContaining({ code: 'invalid-argument', message: expect.stringMatching(message) }),
  )
})
