import { Registry } from 'prom-client'
import { describe, expect, test } from 'vitest'
import { loopMetrics, scoreDrift } from '@groundtrace/prometheus'
import { filled } from './filled-register.ts'

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
