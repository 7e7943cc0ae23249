import { gzipSync } from 'node:zlib'
import { feedbackEvent, predictionEvent, type JoinedFeedback, type LogEvent, type Prediction } from '@groundtrace/core'
import * as fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { createReceiver } from '../../src/http.ts'
import { feedback, id, START, TASKS } from '../../src/testing/fixtures.ts'
import { faultyRegister, predicted } from '../events.ts'
import { encoded, requestAround } from '../otlp/otlp-messages.ts'
import { exportOf, post, postJson } from './requests.ts'

const { register } = faultyRegister()
const receiver = createReceiver({ register, tasks: TASKS })
afterAll(() => register.close())

/** What a client may be told of a body, whatever is in it: never that the receiver failed. */
const ANSWERS = [200, 400, 413, 415]

const texts = fc.string({ unit: 'binary', maxLength: 60 })
/** Header values that HTTP itself lets through. */
const headerValues = fc.stringMatching(/^[\x21-\x7e]([\x20-\x7e]{0,20}[\x21-\x7e])?$/)

test('any bytes under any headers are answered, and hold no memory afterwards', async () => {
  const types = fc.oneof(fc.constantFrom('application/x-protobuf', 'application/json'), headerValues)
  const codings = fc.oneof(fc.constantFrom('gzip', 'identity'), headerValues)
  const bodies = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array(gzipSync(bytes))),
  )
  await fc.assert(
    fc.asyncProperty(types, codings, bodies, async (type, coding, body) => {
      const headers = { 'content-type': type, 'content-encoding': coding }
      expect(ANSWERS).toContain((await receiver.logs(post(new Uint8Array(body), headers))).status)
      expect(receiver.counts().bytesInFlight).toBe(0)
    }),
    { numRuns: 500 },
  )
})

test('a record of any bytes costs those beside it nothing', async () => {
  let number = 0
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), async (bytes) => {
      number += 1
      const { resourceLogs } = exportOf(predicted(number)) as {
        resourceLogs: [{ scopeLogs: [{ logRecords: [object] }] }]
      }
      const good = encoded('LogRecord', resourceLogs[0].scopeLogs[0].logRecords[0])
      const body = new Uint8Array(requestAround([bytes, good, bytes]))
      const { status } = await receiver.logs(post(body, { 'content-type': 'application/x-protobuf' }))
      expect(status).toBe(200)
      expect((await register.prediction(id(number)))?.value).toBe('spam')
    }),
    { numRuns: 200 },
  )
})

/** Where any text is taken, up to its length. */
const WORDS = ['enduser.pseudo.id', 'error.type', 'groundtrace.feedback.comment', 'groundtrace.policy.action']

const nasty = fc.constantFrom("'; DROP TABLE predictions; --", '" OR 1=1', '\\', '%', '${x}', '\u0000', '\u202e', '')
const anything = fc.oneof(nasty, nasty, texts)
const mapOf = (text: string): object => ({ [text]: text })

/** Some of these attributes, with any text. */
const changesOf = (fields: readonly string[], maps: readonly string[] = []): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(
    Object.fromEntries([
      ...fields.map((field) => [field, anything] as const),
      ...maps.map((field) => [field, anything.map(mapOf)] as const),
    ]),
    { requiredKeys: [], noNullPrototype: true },
  )

/** Posts an event with other attributes. @returns what was sent, and whether it was taken */
async function sent(event: LogEvent, changed: Readonly<Record<string, unknown>>) {
  const attributes = { ...event.attributes, ...changed } as LogEvent['attributes']
  const answer = await receiver.logs(postJson(exportOf({ ...event, attributes })))
  expect(answer.status).toBe(200)
  return { attributes, isTaken: !('partialSuccess' in ((await answer.json()) as object)) }
}

/** All that is kept is as it was sent; what such an event has no use for is not kept. */
function expectToTheLetter(kept: LogEvent, attributes: LogEvent['attributes']): void {
  expect(attributes).toMatchObject(kept.attributes ?? {})
  for (const field of WORDS) expect([field, kept.attributes?.[field]]).toEqual([field, attributes?.[field]])
}

test('text in every field of a prediction is text: refused, or kept to the letter, and nothing else changes', async () => {
  const required = [
    'groundtrace.tracking_id',
    'groundtrace.task.name',
    'groundtrace.model.name',
    'groundtrace.model.version',
  ]
  const bounded = ['groundtrace.task.kind', 'groundtrace.prediction.value', 'groundtrace.prediction.parent']
  const free = [
    'groundtrace.entity',
    'enduser.pseudo.id',
    'groundtrace.policy.variant',
    'groundtrace.policy.action',
    'error.type',
  ]
  const changes = fc.oneof(
    changesOf([...required, ...bounded, ...free]),
    changesOf(free, ['groundtrace.prediction.features', 'groundtrace.prediction.slices']),
  )
  const before = (await register.totals()).predictions
  let number = 900_000
  let taken = 0
  await fc.assert(
    fc.asyncProperty(changes, async (changed) => {
      number += 1
      const { attributes, isTaken } = await sent(predicted(number), changed)
      if (!isTaken) return
      taken += 1
      const kept = (await register.prediction(id(number))) as Prediction
      expectToTheLetter(predictionEvent(kept), attributes)
    }),
    { numRuns: 400 },
  )
  expect(taken).toBeGreaterThan(50)
  expect((await register.totals()).predictions).toBe(before + taken)
})

test('text in every field of a feedback is text likewise', async () => {
  const required = ['groundtrace.feedback.id', 'groundtrace.tracking_id', 'groundtrace.feedback.source']
  const free = [
    'groundtrace.feedback.comment',
    'groundtrace.feedback.report',
    'enduser.pseudo.id',
    'groundtrace.entity',
    'groundtrace.task.name',
  ]
  const bounded = ['groundtrace.feedback.kind', 'groundtrace.feedback.label', 'groundtrace.feedback.supersedes']
  const words = ['groundtrace.feedback.comment', 'groundtrace.feedback.report', 'enduser.pseudo.id']
  const changes = fc.oneof(changesOf([...required, ...free, ...bounded]), changesOf(words))
  await receiver.logs(postJson(exportOf(predicted(800_000))))
  let number = 800_000
  let taken = 0
  await fc.assert(
    fc.asyncProperty(changes, async (changed) => {
      number += 1
      const harm = feedbackEvent(feedback(number, 800_000, { kind: 'harm', report: 'words', time: START }))
      const { attributes, isTaken } = await sent(harm, changed)
      if (!isTaken) return
      taken += 1
      const kept = (await register.feedback(id(number))) as JoinedFeedback
      expectToTheLetter(feedbackEvent(kept.feedback), attributes)
    }),
    { numRuns: 400 },
  )
  expect(taken).toBeGreaterThan(50)
  expect(await register.feedbackOn(id(800_000))).toHaveLength(taken)
})
