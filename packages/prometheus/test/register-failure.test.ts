import { Counter, Registry } from 'prom-client'
import { describe, expect, test } from 'vitest'
import { loopMetrics } from '@groundtrace/prometheus'
import { filled } from './filled-register.ts'
import type { MemoryRegister } from './memory-register.ts'

const brokenLogger = () => {
  throw new Error('logger is broken')
}

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

  test('an onError that rejects does not end the process', async () => {
    const unhandled: unknown[] = []
    const onUnhandled = (reason: unknown): void => void unhandled.push(reason)
    process.on('unhandledRejection', onUnhandled)
    const registry = new Registry()
    loopMetrics({ register: failing(), registry, onError: async () => brokenLogger() })
    expect(await registry.metrics()).toMatch(/^groundtrace_register_up 0$/m)
    // One turn of the event loop, after which Node reports rejections that nobody handled.
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', onUnhandled)
    expect(unhandled).toEqual([])
  })

  test('an onError that throws does not break the page either', async () => {
    const registry = new Registry()
    loopMetrics({ register: failing(), registry, onError: brokenLogger })
    expect(await registry.metrics()).toContain('groundtrace_register_up 0')
  })
})
