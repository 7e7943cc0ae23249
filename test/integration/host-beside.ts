import type { TrackingId } from '@groundtrace/core'
import { expect, test } from 'vitest'
import { startReceiver } from '../services/receiver.ts'
import type { Run, Told } from './host-run.ts'
import { runService } from './installed-host.ts'
import type { ReceivedLog } from './otlp-receiver.ts'

function deployed(name: string, version: string, previous?: string): object {
  return {
    'groundtrace.model.name': name,
    'groundtrace.model.version': version,
    ...(previous === undefined ? {} : { 'groundtrace.model.previous_version': previous }),
  }
}

const said = (logs: readonly ReceivedLog[]) => logs.map(({ eventName, attributes }) => [eventName, attributes])

/** What predictions bring along: variants as evaluations of flags, and deployments. */
export function besideCases(run: () => Run): void {
  test('exports the variant of each prediction that has one, as the evaluation of a flag in its span', () => {
    const { events, beside } = run()
    const varied = events.filter(({ attributes }) => attributes['groundtrace.policy.variant'] !== undefined)
    const evaluations = beside.filter(({ eventName }) => eventName === 'feature_flag.evaluation')
    const said = evaluations.map(({ attributes, traceId, spanId }) => [attributes, traceId, spanId])
    expect(varied.length).toBeGreaterThan(3)
    expect(said).toEqual(
      varied.map(({ attributes, traceId, spanId }) => {
        const id = attributes['groundtrace.tracking_id']
        const evaluation = {
          'feature_flag.key': 'spam',
          'feature_flag.result.variant': 'b',
          'feature_flag.result.reason': 'split',
          'feature_flag.provider.name': 'groundtrace',
          'feature_flag.context.id': id,
          'groundtrace.tracking_id': id,
        }
        return [evaluation, traceId, spanId]
      }),
    )
    expect(evaluations[0]).toMatchObject({
      timeUnixNano: '1700000000125000000',
      resource: { 'service.name': 'mail' },
    })
  })

  test('exports each version of each model as a deployment once, when it first predicts', () => {
    const { beside, told } = run()
    const deployments = beside.filter(({ eventName }) => eventName === 'groundtrace.deployment')
    expect(deployments.map(({ attributes }) => attributes)).toEqual([
      deployed('filter', '2024-07.1'),
      deployed('ruler', '1'),
      deployed('ensemble', '1'),
      deployed('router', '1'),
      deployed('router', '2', '1'),
      deployed('broken', '1'),
    ])
    const [first] = deployments
    expect(first).toMatchObject({
      timeUnixNano: '1700000000125000000',
      scope: { name: '@groundtrace/instrumentation' },
    })
    expect(`${first?.traceId}-${first?.spanId}`).toBe(told.single.trackingId)
  })

  test('forwards both to its own logger too: there is nobody in them', () => {
    const { beside, forwardedBeside, told } = run()
    const late = new Set(told.afterwards.map(({ trackingId }) => trackingId))
    const inTime = beside.filter(({ attributes }) => !late.has(String(attributes['groundtrace.tracking_id'])))
    expect(said(forwardedBeside)).toEqual(said(inTime))
  })
}

/** What a register makes of what the service of a host sends. */
export function registerCase(folder: string, name: string): void {
  test('started twice, sends what a register takes as the same deployments, and members that it counts apart', async () => {
    const receiver = await startReceiver([])
    const { register } = receiver
    try {
      for (const starts of [1, 2]) {
        const { stdout } = await runService(folder, name, 'sampled', new URL(receiver.logs).origin)
        const { nested } = JSON.parse(stdout) as Told
        const { lines } = await register.read('lineage', { after: 0 })
        expect(lines.map((line) => line.kind === 'version-seen' && [line.model, line.version, line.previous])).toEqual([
          ['filter', '2024-07.1', undefined],
          ['ruler', '1', undefined],
          ['ensemble', '1', undefined],
          ['router', '1', undefined],
          ['router', '2', '1'],
          ['broken', '1', undefined],
        ])
        expect(await register.totals()).toMatchObject({ predictions: starts * 12, members: starts, loss: {} })
        expect(await register.predictionsInside(nested.trackingId as TrackingId)).toMatchObject([
          { id: nested.value.member.trackingId, whole: nested.trackingId, policy: { variant: 'b' } },
        ])
      }
    } finally {
      await receiver.close()
    }
  })
}
