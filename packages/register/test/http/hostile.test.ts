import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { createReceiver } from '../../src/http.ts'
import { id, TASKS } from '../../src/testing/fixtures.ts'
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

test('text in every field is text: whatever stands there, nothing else changes', async () => {
  const nasty = fc.constantFrom("'; DROP TABLE predictions; --", '" OR 1=1', '\\', '%', '${x}', '\u0000', '\u202e', '')
  const anything = fc.oneof(nasty, texts)
  const fields = [
    'groundtrace.tracking_id',
    'groundtrace.task.name',
    'groundtrace.task.kind',
    'groundtrace.model.name',
    'groundtrace.model.version',
    'groundtrace.prediction.value',
    'groundtrace.entity',
    'enduser.pseudo.id',
    'groundtrace.policy.variant',
    'groundtrace.policy.action',
    'groundtrace.prediction.parent',
    'error.type',
  ]
  const changes = fc.dictionary(fc.constantFrom(...fields), anything, { noNullPrototype: true })
  const before = (await register.totals()).predictions
  await fc.assert(
    fc.asyncProperty(changes, async (changed) => {
      const attributes = { ...predicted(900_000).attributes, ...changed }
      expect((await receiver.logs(postJson(exportOf({ ...predicted(900_000), attributes })))).status).toBe(200)
    }),
    { numRuns: 300 },
  )
  expect((await register.totals()).predictions).toBeGreaterThanOrEqual(before)
  expect((await receiver.logs(postJson(exportOf(predicted(900_001))))).status).toBe(200)
  expect((await register.prediction(id(900_001)))?.value).toBe('spam')
})
