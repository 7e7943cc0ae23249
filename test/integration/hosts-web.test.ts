import { feedbackFromEvent, feedbackId, keyedHash, parseTrackingId, toHrTime } from '@groundtrace/core'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildOurs, checkTypes, installHost, runProgram } from './installed-host.ts'
import { startOtlpReceiver, type ReceivedLog, type ReceivedSpan } from './otlp-receiver.ts'

interface Answer {
  readonly header: string | null
  readonly body: unknown
}
interface Receipt {
  readonly status: string
  readonly id: string
  readonly reason?: string
}
/** What the clients of hosts/web-service.ts were told. */
interface Told {
  readonly single: Answer & { readonly body: { readonly label: string; readonly enriched: string } }
  readonly batch: Answer
  readonly thumb: Receipt
  readonly row: Receipt
  readonly key: Receipt
  readonly refused: Receipt
  readonly loss: Readonly<Record<string, number>>
}
interface Run {
  readonly told: Told
  readonly events: readonly ReceivedLog[]
  readonly spans: readonly ReceivedSpan[]
}

const MODES = ['sampled', 'unsampled', 'no-sdk'] as const
const ID = /^[0-9a-f]{32}-[0-9a-f]{16}$/
/** OTLP's flags of a link: whether its context is remote is known, and it is. */
const IS_REMOTE = 0x300

const work = mkdtempSync(join(tmpdir(), 'groundtrace-hosts-web-'))
const builds = join(work, 'ours')

beforeAll(() => buildOurs(builds))
afterAll(() => rmSync(work, { recursive: true, force: true }))

async function runIn(folder: string, mode: string): Promise<Run> {
  const receiver = await startOtlpReceiver()
  try {
    const { stdout, stderr } = await runProgram(folder, 'web-service.ts', mode, receiver.url)
    expect(stderr).toBe('')
    return { told: JSON.parse(stdout) as Told, events: receiver.lines('/v1/logs'), spans: receiver.spans() }
  } finally {
    await receiver.close()
  }
}

describe.each(['sdk-2', 'sdk-3'])('a web service on %s', (name) => {
  const folder = join(work, name)
  const runs = new Map<string, Run>()
  const runOf = (mode: string): Run => runs.get(mode) as Run

  /** The event of a feedback. */
  function eventOf(mode: string, { id }: Receipt): ReceivedLog | undefined {
    return runOf(mode).events.find(({ attributes }) => attributes['groundtrace.feedback.id'] === id)
  }
  /** The span of a feedback. */
  function spanOf({ id }: Receipt): ReceivedSpan | undefined {
    return runOf('sampled').spans.find(({ attributes }) => attributes['groundtrace.feedback.id'] === id)
  }

  beforeAll(async () => {
    installHost(name, builds, folder)
    for (const mode of MODES) runs.set(mode, await runIn(folder, mode))
  })

  test("accepts our types beside its own SDK's", async () => {
    await expect(checkTypes(folder)).resolves.toBeUndefined()
  })

  describe.each(MODES)('%s', (mode) => {
    test('tells its client in the header which prediction it was given, or which batch', () => {
      const { told, events } = runOf(mode)
      const [header, call, rows] = [told.single.header, ...(told.batch.header?.split(';') ?? [])]
      expect(header).toMatch(ID)
      expect([call, rows]).toEqual([expect.stringMatching(ID), 'rows=2'])
      const predicted = events.filter(({ eventName }) => eventName === 'groundtrace.prediction')
      const ids = predicted.map(({ attributes }) => attributes['groundtrace.tracking_id'])
      expect(ids).toEqual([header, `${call}-0`, `${call}-1`])
    })

    test('takes feedback on what its client was told, and exports the event of it', () => {
      const { told } = runOf(mode)
      expect(told.thumb.status).toBe('emitted')
      const event = eventOf(mode, told.thumb)
      expect(event).toMatchObject({
        eventName: 'groundtrace.feedback',
        timeUnixNano: '1700000000000000000',
        scope: { name: '@groundtrace/instrumentation' },
      })
      expect(event?.attributes).toEqual({
        'groundtrace.tracking_id': told.single.header,
        'groundtrace.feedback.id': told.thumb.id,
        'groundtrace.feedback.kind': 'rating',
        'groundtrace.feedback.right': false,
        'groundtrace.feedback.source': 'recipient',
        'groundtrace.feedback.comment': 'a friend',
        'enduser.pseudo.id': keyedHash('0123456789abcdef').user('ann@example.org'),
      })
      expect(`${event?.traceId}-${event?.spanId}`).toBe(told.thumb.id)
    })

    test('exports feedback that core reads back, on a row and by business key', () => {
      const { told } = runOf(mode)
      const read = [told.row, told.key].map((receipt) => {
        const attributes = eventOf(mode, receipt)?.attributes ?? {}
        return feedbackFromEvent({ hrTime: toHrTime(1_700_000_000_000), attributes })
      })
      const call = told.batch.header?.split(';')[0]
      expect(read).toEqual([
        expect.objectContaining({ id: feedbackId('recipient', 'mail-3'), target: { prediction: `${call}-1` } }),
        expect.objectContaining({ id: told.key.id, target: { entity: 'mail-1', task: 'spam' } }),
      ])
    })

    test('tells who sent a bad feedback what is wrong, and loses nothing', () => {
      const { told, events } = runOf(mode)
      expect(told.refused).toMatchObject({
        status: 'rejected',
        reason: expect.stringContaining('"mail-1" is not a tracking ID') as string,
      })
      expect(events.filter(({ eventName }) => eventName === 'groundtrace.feedback')).toHaveLength(3)
      expect(told.loss).toEqual({})
    })
  })

  test('sampled, has the span of a feedback in the trace of its request, linked to the span of the prediction', () => {
    const { told, spans } = runOf('sampled')
    const span = spanOf(told.thumb)
    const { traceId, spanId } = parseTrackingId(told.single.header ?? '')
    expect(span).toMatchObject({ name: 'feedback spam', kind: 1, status: { code: 0 }, events: [] })
    expect(span?.links.map(({ flags, ...link }) => ({ flags, traceId: link.traceId, spanId: link.spanId }))).toEqual([
      { flags: IS_REMOTE, traceId, spanId },
    ])
    const request = spans.find((other) => other.spanId === span?.parentSpanId)
    expect(request).toMatchObject({ name: 'POST /feedback', traceId: span?.traceId })
    expect(span?.traceId).not.toBe(traceId)
    expect(`${span?.traceId}-${span?.spanId}`).toBe(told.thumb.id)
  })

  test('sampled, has every attribute of a feedback on its span, and nothing of a person', () => {
    const { told } = runOf('sampled')
    const common = {
      'groundtrace.task.name': 'spam',
      'groundtrace.task.kind': 'binary',
      'groundtrace.feedback.kind': 'rating',
      'groundtrace.feedback.source': 'recipient',
    }
    const call = told.batch.header?.split(';')[0]
    expect([told.thumb, told.row, told.key].map((receipt) => spanOf(receipt)?.attributes)).toEqual([
      { ...common, 'groundtrace.feedback.id': told.thumb.id, 'groundtrace.tracking_id': told.single.header },
      {
        ...common,
        'groundtrace.feedback.id': told.row.id,
        'groundtrace.tracking_id': call,
        'groundtrace.prediction.row': 1,
      },
      { ...common, 'groundtrace.feedback.id': told.key.id },
    ])
    expect(spanOf(told.key)?.links).toEqual([])
  })

  test('sampled, finds prediction and feedback by one search for the tracking ID, a row by that of its batch', () => {
    const { told, spans } = runOf('sampled')
    const found = (id: string | null | undefined): readonly string[] =>
      spans.filter(({ attributes }) => attributes['groundtrace.tracking_id'] === id).map((span) => span.name)
    expect(found(told.single.header).toSorted()).toEqual(['GET /enrich', 'feedback spam', 'predict filter'])
    expect(found(told.batch.header?.split(';')[0]).toSorted()).toEqual(['feedback spam', 'predict filter'])
  })

  test('sampled, has a rejected feedback as an error, without what was said', () => {
    const { spans } = runOf('sampled')
    const rejected = spans.filter(({ attributes }) => 'error.type' in attributes)
    expect(rejected).toMatchObject([{ name: 'feedback spam', status: { code: 2 }, links: [] }])
    expect(rejected[0]?.attributes).toEqual({
      'groundtrace.task.name': 'spam',
      'groundtrace.task.kind': 'binary',
      'error.type': 'invalid-feedback',
    })
  })

  test.each(['sampled', 'unsampled'])('%s, lets the service downstream know the prediction by baggage', (mode) => {
    const { single } = runOf(mode).told
    expect(single.body.enriched).toBe(single.header)
  })

  test('without an SDK, which carries baggage, the service downstream knows of nothing', () => {
    expect(runOf('no-sdk').told.single.body.enriched).toBe('nothing')
  })

  test('unsampled or without an SDK, exports no span', () => {
    expect(['unsampled', 'no-sdk'].map((mode) => runOf(mode).spans)).toEqual([[], []])
  })
})
