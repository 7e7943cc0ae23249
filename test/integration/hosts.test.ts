import { createHmac } from 'node:crypto'
import { defineTask, parseTrackingId, predictionFromEvent, taskCatalogue, toHrTime } from '@groundtrace/core'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { besideCases, registerCase } from './host-beside.ts'
import { eventOf, idsOf, runIn, type Run } from './host-run.ts'
import { buildOurs, checkTypes, installHost, nestApi } from './installed-host.ts'

const HOSTS = [
  ['sdk-2', /^1\.9\./],
  ['sdk-3', /^1\.10\./],
] as const
const MODES = ['sampled', 'unsampled', 'no-sdk'] as const
/** The trace of the caller that the service's siblings run in; see hosts/service.ts. */
const REMOTE = { traceId: 'abcdef0123456789abcdef0123456789', spanId: 'fedcba9876543210' }

const work = mkdtempSync(join(tmpdir(), 'groundtrace-hosts-'))
const builds = join(work, 'ours')

beforeAll(() => buildOurs(builds))
afterAll(() => rmSync(work, { recursive: true, force: true }))

const SINGLE = {
  'groundtrace.task.name': 'spam',
  'groundtrace.task.kind': 'binary',
  'groundtrace.task.classes': ['ham', 'spam'],
  'groundtrace.model.name': 'filter',
  'groundtrace.model.version': '2024-07.1',
  'groundtrace.prediction.value': 'spam',
  'groundtrace.prediction.scores': { ham: 0.25, spam: 0.75 },
  'groundtrace.prediction.slices': { language: 'en' },
  'groundtrace.prediction.latency': 0.25,
  'groundtrace.entity': 'mail-17',
  'groundtrace.policy.variant': 'b',
  'groundtrace.policy.action': 'block',
  'groundtrace.policy.propensity': 0.125,
  'groundtrace.policy.explored': true,
}
/** The documented hash: the first 16 bytes of an HMAC-SHA256. */
function hashed(message: string): string {
  const hmac = createHmac('sha256', 'a secret for tests, of 35 characters')
  return hmac.update(message).digest('hex').slice(0, 32)
}

const PAYLOAD = {
  'groundtrace.prediction.features': {
    indices: [3, 14, 15],
    weights: [0.5, 1, 2.5],
    known: false,
    subject: 'win a prize',
    sender: hashed('groundtrace.feature\0sender\0"bob@example.com"'),
    age: '[18,65)',
  },
  'enduser.pseudo.id': hashed('groundtrace.user\0user-17'),
}

describe.each(HOSTS)('a host on %s', (name, api) => {
  const folder = join(work, name)
  const runs = new Map<string, Run>()
  const runOf = (mode: string): Run => runs.get(mode) as Run

  beforeAll(async () => {
    installHost(name, builds, folder)
    for (const mode of MODES) runs.set(mode, await runIn(folder, name, mode))
  })

  test('has the API of its generation, and our packages use that very copy', () => {
    const manifest = join(folder, 'node_modules/@opentelemetry/api/package.json')
    expect(JSON.parse(readFileSync(manifest, 'utf8'))).toMatchObject({ version: expect.stringMatching(api) as string })
    expect(runOf('sampled').stderr).toBe('')
  })

  test("accepts our types beside its own SDK's", async () => {
    await expect(checkTypes(folder)).resolves.toBeUndefined()
  })

  describe.each(MODES)('%s', (mode) => {
    besideCases(() => runOf(mode))

    test('gets values back, and IDs that are valid and all different', () => {
      const { told } = runOf(mode)
      expect([told.single.value, told.batch.value, told.failed]).toEqual(['spam', [1, 3], 'no weights'])
      const ids = idsOf(told)
      expect(ids).toHaveLength(mode === 'no-sdk' ? 10 : 12)
      expect(new Set(ids).size).toBe(ids.length)
      expect(ids.map((id) => parseTrackingId(id).row)).toEqual([undefined, 0, 1, ...ids.slice(3).map(() => undefined)])
      expect(told.loss).toEqual({})
    })

    test('exports every attribute of a prediction, once, by its own OTLP exporter', () => {
      const { told, events } = runOf(mode)
      const id = told.single.trackingId
      expect(events.filter(({ attributes }) => attributes['groundtrace.tracking_id'] === id)).toHaveLength(1)
      const event = eventOf(events, id)
      expect(event?.attributes).toEqual({ 'groundtrace.tracking_id': id, ...SINGLE, ...PAYLOAD })
      expect(event).toMatchObject({
        eventName: 'groundtrace.prediction',
        timeUnixNano: '1700000000125000000',
        observedTimeUnixNano: '1700000001000000000',
        resource: { 'service.name': 'mail' },
        scope: { name: '@groundtrace/instrumentation' },
      })
      expect(`${event?.traceId}-${event?.spanId}`).toBe(id)
    })

    test('exports events that core reads back as the predictions they were', () => {
      const { told, events } = runOf(mode)
      const spam = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'] })
      const event = eventOf(events, told.single.trackingId)
      const read = { hrTime: toHrTime(Number(event?.timeUnixNano) / 1e6), attributes: event?.attributes ?? {} }
      expect(predictionFromEvent(read, taskCatalogue([spam]))).toMatchObject({
        id: told.single.trackingId,
        task: spam,
        value: 'spam',
        features: PAYLOAD['groundtrace.prediction.features'],
        policy: { variant: 'b', action: 'block', propensity: 0.125, explored: true },
      })
    })

    test('exports an event for each row of a batch, and one for a failure', () => {
      const { told, events } = runOf(mode)
      const rows = told.batch.trackingIds.map((id) => eventOf(events, id)?.attributes['groundtrace.prediction.value'])
      expect(rows).toEqual([1, 3])
      const failures = events.filter(({ attributes }) => attributes['groundtrace.model.name'] === 'broken')
      expect(failures.map(({ attributes }) => attributes['error.type'])).toEqual(['RangeError'])
    })

    test('forwards to its own logger what it asked for, without features, user and business key', () => {
      const { told, events, forwarded } = runOf(mode)
      const event = eventOf(forwarded, told.single.trackingId)
      const { 'groundtrace.entity': _key, ...keyless } = SINGLE
      expect(event?.attributes).toEqual({ 'groundtrace.tracking_id': told.single.trackingId, ...keyless })
      expect(event).toMatchObject({
        eventName: 'groundtrace.prediction',
        timeUnixNano: '1700000000125000000',
        severityNumber: 9,
        scope: { name: 'service' },
      })
      expect(`${event?.traceId}-${event?.spanId}`).toBe(told.single.trackingId)
      expect(forwarded).toHaveLength(events.length - told.afterwards.length)
    })
  })

  test.each(['sampled', 'unsampled'])('%s, knows the parent of a prediction inside a prediction', (mode) => {
    const { told, events } = runOf(mode)
    const { value, trackingId } = told.nested
    expect(value.active).toBe(trackingId)
    const member = eventOf(events, value.member.trackingId)
    expect(member?.attributes['groundtrace.prediction.parent']).toBe(trackingId)
    expect(member?.attributes['groundtrace.prediction.whole']).toBe(trackingId)
    expect(eventOf(events, trackingId)?.attributes).not.toHaveProperty('groundtrace.prediction.parent')
    expect(eventOf(events, trackingId)?.attributes).not.toHaveProperty('groundtrace.prediction.whole')
    expect(parseTrackingId(value.member.trackingId).traceId).toBe(parseTrackingId(trackingId).traceId)
  })

  test.each(['sampled', 'unsampled'])('%s, keeps the trace of the caller, never its span', (mode) => {
    const parts = runOf(mode).told.siblings.map(({ trackingId }) => parseTrackingId(trackingId))
    expect(parts.map(({ traceId }) => traceId)).toEqual([REMOTE.traceId, REMOTE.traceId])
    expect(parts.map(({ spanId }) => spanId)).not.toContain(REMOTE.spanId)
  })

  test('sampled, has the same ID on the span, in the event and in what was returned', () => {
    const { told, events, spans } = runOf('sampled')
    const { traceId, spanId } = parseTrackingId(told.single.trackingId)
    const span = spans.find((span) => span.spanId === spanId)
    expect(span).toMatchObject({
      name: 'predict filter',
      kind: 1, // INTERNAL
      traceId,
      status: { code: 0 }, // UNSET
      events: [],
    })
    expect(span?.attributes).toEqual({
      'groundtrace.tracking_id': told.single.trackingId,
      'groundtrace.task.name': 'spam',
      'groundtrace.task.kind': 'binary',
      'groundtrace.model.name': 'filter',
      'groundtrace.model.version': '2024-07.1',
    })
    expect(eventOf(events, told.single.trackingId)).toMatchObject({ traceId, spanId })
  })

  test('sampled, has the span of a member below the span of the whole, and a failure as an error', () => {
    const { told, spans } = runOf('sampled')
    const whole = parseTrackingId(told.nested.trackingId)
    const member = parseTrackingId(told.nested.value.member.trackingId)
    expect(spans.find(({ spanId }) => spanId === member.spanId)).toMatchObject({
      parentSpanId: whole.spanId,
      attributes: {
        'groundtrace.prediction.parent': told.nested.trackingId,
        'groundtrace.prediction.whole': told.nested.trackingId,
      },
    })
    expect(spans.find(({ name }) => name === 'predict broken')).toMatchObject({
      status: { code: 2 }, // ERROR
      attributes: { 'error.type': 'RangeError' },
      events: ['exception'],
    })
  })

  registerCase(folder, name)

  test('unsampled or without an SDK, exports no span and still every event', () => {
    for (const mode of ['unsampled', 'no-sdk'] as const) {
      const { told, events, spans } = runOf(mode)
      expect(spans).toEqual([])
      const sent = events.map(({ attributes }) => attributes['groundtrace.tracking_id'])
      expect(sent).toEqual(expect.arrayContaining([...idsOf(told)]))
    }
  })
})

test('a host on API 1.9 into which npm put another API for us is told so once, and its predictions are tracked', async () => {
  const folder = join(work, 'mismatch')
  installHost('sdk-2', builds, folder)
  nestApi(folder)
  const { told, events, spans, stderr } = await runIn(folder, 'sdk-2', 'sampled')
  expect(stderr.match(/GROUNDTRACE_API_MISMATCH.*@opentelemetry\/api 1\.9\./g)).toHaveLength(1)
  expect(spans).toEqual([])
  expect(new Set(idsOf(told)).size).toBe(idsOf(told).length)
  const sent = events.map(({ attributes }) => attributes['groundtrace.tracking_id'])
  expect(sent).toEqual(expect.arrayContaining([...idsOf(told)]))
})
