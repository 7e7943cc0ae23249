import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { defineTask, trackingId } from '@groundtrace/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startReceiver, type RunningReceiver } from '../services/receiver.ts'

const run = promisify(execFile)
const TOKEN = 'a-token-of-the-test-0123456789'
const spam = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'] })

const CASES = ['sdk-2', 'sdk-3'].flatMap((host) =>
  ['protobuf', 'json'].flatMap((encoding) =>
    ['gzip', 'none'].map((compression) => [host, encoding, compression] as const),
  ),
)

describe('a stock OpenTelemetry SDK for Node fills a register', () => {
  let receiver: RunningReceiver
  beforeAll(async () => {
    receiver = await startReceiver([spam], { tokens: [TOKEN] })
  })
  afterAll(() => receiver.close())

  test.each(CASES)('%s, %s, compression %s', async (host, encoding, compression) => {
    const number = CASES.findIndex((one) => one.join() === [host, encoding, compression].join()) + 1
    const id = trackingId(`0af7651916cd43dd8448eb211c80319c-${String(number).padStart(16, '0')}`)
    const own = trackingId(`4bf92f3577b34da6a3ce929d0e0e4736-${String(number).padStart(16, '0')}`)
    const { stderr } = await run(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        join(import.meta.dirname, `../../hosts/${host}/sender.ts`),
        encoding,
        id,
        own,
      ],
      {
        env: {
          OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: receiver.logs,
          OTEL_EXPORTER_OTLP_LOGS_HEADERS: `authorization=Bearer ${TOKEN}`,
          OTEL_EXPORTER_OTLP_LOGS_COMPRESSION: compression,
        },
      },
    )
    expect(stderr).toBe('')
    expect(receiver.requests.at(-1)).toMatchObject({
      contentType: encoding === 'protobuf' ? 'application/x-protobuf' : 'application/json',
      contentEncoding: compression === 'gzip' ? 'gzip' : '',
    })
    expect(await receiver.register.prediction(id)).toEqual({
      id,
      task: spam,
      model: { name: 'filter', version: '2026-11.1' },
      time: 1_700_000_000_125,
      value: 'spam',
      scores: { ham: 0.25, spam: 0.75 },
      features: { words: 5, known: false, tokens: [1, 2.5, 3], subject: 'Größe, 世界' },
      slices: { language: 'de' },
      latencySeconds: 0.25,
      entity: 'mail-17',
      policy: { propensity: 1, explored: true },
    })
    expect(await receiver.register.outcomesOf(id)).toMatchObject([{ state: 'settled', label: 'ham', evidence: [own] }])
  })

  test('and what it says of other things is ignored, nothing else', async () => {
    const { lines, requests } = receiver.receiver.counts()
    expect(lines).toMatchObject({ stored: 2 * CASES.length, ignored: CASES.length, rejected: 0, duplicate: 0 })
    expect(requests).toEqual({ 200: CASES.length })
    expect((await receiver.register.totals()).loss).toEqual({})
  })
})
