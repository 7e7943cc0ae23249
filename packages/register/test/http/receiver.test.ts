import { predictionEvent } from '@groundtrace/core'
import { afterEach, describe, expect, test } from 'vitest'
import { createReceiver, type Receiver, type ReceiverOptions } from '../../src/http.ts'
import type { LossDiagnostic } from '../../src/index.ts'
import { id, prediction, TASKS } from '../../src/testing/fixtures.ts'
import { faultyRegister, predicted, said, settled } from '../events.ts'
import { decoded, logRecord, requestOf } from '../otlp/otlp-messages.ts'
import { refusal } from '../../../core/test/refusal.ts'
import { exportOf, postGzip, postJson, postProtobuf } from './requests.ts'

const TOKEN = 'the-first-token-0123456789'

let faulty = faultyRegister()
const open = (options: Partial<ReceiverOptions> = {}): Receiver =>
  createReceiver({ register: faulty.register, tasks: TASKS, ...options })

afterEach(async () => {
  faulty.down = undefined
  await faulty.register.close()
  faulty = faultyRegister()
})

const bytesOf = async (response: Response): Promise<Uint8Array> => new Uint8Array(await response.arrayBuffer())

interface PartialSuccess {
  readonly partialSuccess?: { readonly rejectedLogRecords: string; readonly errorMessage: string }
}

describe('what is acknowledged', () => {
  test.each([
    ['protobuf', postProtobuf, 'application/x-protobuf'],
    ['protobuf in gzip', postGzip, 'application/x-protobuf'],
    ['JSON', postJson, 'application/json'],
  ])('is in the register: %s', async (_, request, type) => {
    const receiver = open()
    const response = await receiver.logs(request(exportOf(predicted(1), said(101, 1), predicted(2))))
    expect([response.status, response.headers.get('content-type')]).toEqual([200, type])
    expect(await faulty.register.totals()).toMatchObject({ predictions: 2, feedback: { stored: 1 }, loss: {} })
    expect(await faulty.register.prediction(id(1))).toMatchObject(prediction(1))
    expect(await faulty.register.outcomesOf(id(1))).toMatchObject([{ state: 'settled', label: 'spam' }])
    expect(receiver.counts()).toMatchObject({ requests: { 200: 1 }, lines: { stored: 3 }, bytesInFlight: 0 })
  })

  test('without anything rejected has no partial success in it', async () => {
    const receiver = open()
    expect(await bytesOf(await receiver.logs(postProtobuf(exportOf(predicted(1)))))).toHaveLength(0)
    expect(await (await receiver.logs(postJson(exportOf(predicted(2))))).json()).toEqual({})
  })

  test('is there before the answer is', async () => {
    const stored = Promise.withResolvers<readonly []>()
    const register = { ...faulty.register, appendPredictions: () => stored.promise }
    const answer = createReceiver({ register, tasks: TASKS }).logs(postJson(exportOf(predicted(1))))
    const first = await Promise.race([answer, settled().then(() => 'still waiting')])
    expect(first).toBe('still waiting')
    stored.resolve([])
    expect((await answer).status).toBe(200)
  })

  test('is stored once however often it is sent, and nobody is told of an error', async () => {
    const receiver = open()
    for (let time = 0; time < 3; time += 1) {
      const response = await receiver.logs(postJson(exportOf(predicted(1), said(101, 1))))
      expect([response.status, await response.json()]).toEqual([200, {}])
    }
    expect(await faulty.register.totals()).toMatchObject({ predictions: 1, feedback: { stored: 1 } })
    expect(receiver.counts().lines).toMatchObject({ stored: 2, duplicate: 4 })
  })

  test('holds more lines than go in one go', async () => {
    const events = Array.from({ length: 1201 }, (_, index) => predicted(index + 1))
    await open().logs(postProtobuf(exportOf(...events)))
    expect((await faulty.register.totals()).predictions).toBe(1201)
    expect(faulty.calls.filter((name) => name === 'appendPredictions')).toHaveLength(3)
  })

  test('may be records of others: they are ignored and counted', async () => {
    const receiver = open()
    const logs = requestOf([logRecord({ a: 'b' }, { name: '' }), logRecord({}, { name: 'app.login' })])
    expect(await (await receiver.logs(postJson(logs))).json()).toEqual({})
    expect(receiver.counts().lines).toMatchObject({ ignored: 2, rejected: 0 })
    expect((await faulty.register.totals()).loss).toEqual({})
  })
})

describe('what is rejected', () => {
  const bad = predictionEvent(prediction(7, { scores: { spam: Number.NaN } }))

  test('is counted and explained, and harms none beside it', async () => {
    const heard: LossDiagnostic[] = []
    const receiver = open({ onDiagnostic: (diagnostic) => heard.push(diagnostic) })
    const message = exportOf(predicted(1), bad, predicted(2))
    const response = decoded('Response', await bytesOf(await receiver.logs(postProtobuf(message))))
    expect(response).toEqual({
      partialSuccess: {
        rejectedLogRecords: '1',
        errorMessage: expect.stringMatching(/^1 × .*scores is not a map of finite numbers.*\.$/) as string,
      },
    })
    expect((await faulty.register.totals()).predictions).toBe(2)
    expect((await faulty.register.totals()).loss).toEqual({ 'invalid-prediction': 1 })
    expect(heard).toMatchObject([{ reason: 'invalid-prediction', lines: 1 }])
    expect(receiver.counts().lines).toMatchObject({ stored: 2, rejected: 1 })
  })

  test('may be another line with an ID that is known: the first is kept', async () => {
    const receiver = open()
    await receiver.logs(postJson(exportOf(predicted(1))))
    const other = exportOf(predictionEvent(prediction(1, { value: 'ham' })))
    const { partialSuccess } = (await (await receiver.logs(postJson(other))).json()) as PartialSuccess
    expect(partialSuccess).toMatchObject({ rejectedLogRecords: '1' })
    expect(partialSuccess?.errorMessage).toMatch(/^1 × Another prediction with this ID/)
    expect((await faulty.register.prediction(id(1)))?.value).toBe('spam')
    expect((await faulty.register.totals()).loss).toEqual({ 'prediction-conflict': 1 })
  })

  test('may be feedback, of which the register itself keeps count', async () => {
    const receiver = open()
    await receiver.logs(postJson(exportOf(predicted(1), said(101, 1))))
    const other = { ...said(101, 1), attributes: { ...said(101, 1).attributes, 'groundtrace.feedback.right': false } }
    const { partialSuccess } = (await (await receiver.logs(postJson(exportOf(other)))).json()) as PartialSuccess
    expect(partialSuccess).toMatchObject({ rejectedLogRecords: '1' })
    expect(await faulty.register.totals()).toMatchObject({ feedback: { stored: 1, conflict: 1 }, loss: {} })
  })

  test('is told in a few words, however much it is', async () => {
    const records = Array.from({ length: 500 }, (_, index) => logRecord({ 'groundtrace.task.name': `*${index}` }))
    const { partialSuccess } = (await (await open().logs(postJson(requestOf(records)))).json()) as PartialSuccess
    expect(partialSuccess?.rejectedLogRecords).toBe('500')
    expect(partialSuccess?.errorMessage).toMatch(/495 × for other reasons\.$/)
    expect(partialSuccess?.errorMessage.length).toBeLessThan(2000)
  })

  test.each<[string, object]>([
    ['an int beyond 2^53 as a value', { 'groundtrace.prediction.value': 2n ** 53n }],
    ['a score that is no number', { 'groundtrace.prediction.scores': { spam: Number.NaN } }],
    ['a feature beyond 2^53', { 'groundtrace.prediction.features': { big: -(2n ** 63n) } }],
    ['an infinite feature', { 'groundtrace.prediction.features': { big: Infinity } }],
    ['a map in a map as feature', { 'groundtrace.prediction.features': { map: { a: 1 } } }],
    [
      'a feature with the name of the prototype',
      { 'groundtrace.prediction.features': JSON.parse('{"__proto__":1}') as object },
    ],
  ])('%s', async (_, changed) => {
    const attributes = { ...predicted(1).attributes, ...changed }
    const answer = await open().logs(postProtobuf(exportOf({ ...predicted(1), attributes }, predicted(2))))
    expect(decoded('Response', await bytesOf(answer))).toMatchObject({ partialSuccess: { rejectedLogRecords: '1' } })
    expect((await faulty.register.totals()).predictions).toBe(1)
  })
})

describe('options that make no sense', () => {
  test.each<[string, object, RegExp]>([
    ['no register', { register: {} }, /is no register/],
    ['a short token', { tokens: ['short'] }, /tokens\[0\] has 5 characters, and not 16 to 512/],
    [
      'a token that no header can carry',
      { tokens: ['sixteen letters and a blank'] },
      /tokens\[0\] has a character beside letters/,
    ],
    ['tokens that are no list', { tokens: TOKEN }, /not an array/],
    ['no room for two bodies', { maxBodyBytes: 100, maxBytesInFlight: 150 }, /no two bodies/],
    ['a fraction of a byte', { maxRecordBytes: 0.5 }, /whole number/],
    ['a time that is none', { bodyTimeoutMs: -1 }, /no duration/],
  ])('%s', (_, options, cause) => {
    expect(() => open(options)).toThrow(refusal('invalid-argument', cause))
  })

  test('are none when nothing is given but a register', () => {
    expect(createReceiver({ register: faulty.register }).counts()).toMatchObject({ requests: {}, bytesInFlight: 0 })
    expect(() => createReceiver(undefined as never)).toThrow(refusal('invalid-argument'))
  })
})
