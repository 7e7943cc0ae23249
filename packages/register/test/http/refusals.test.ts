import { gzipSync } from 'node:zlib'
import { GroundtraceError, predictionEvent } from '@groundtrace/core'
import { afterEach, describe, expect, test } from 'vitest'
import { createReceiver, type Receiver, type ReceiverOptions } from '../../src/http.ts'
import type { LossDiagnostic } from '../../src/index.ts'
import { prediction, TASKS } from '../../src/testing/fixtures.ts'
import { faultyRegister, ManualTimers, predicted, settled } from '../events.ts'
import { decoded } from '../otlp/otlp-messages.ts'
import { exportOf, post, postGzip, postJson, postProtobuf, streamed } from './requests.ts'

const TOKEN = 'the-first-token-0123456789'
const OTHER_TOKEN = 'the-second-token-0123456789'
const MEBIBYTE = 2 ** 20

let faulty = faultyRegister()
const open = (options: Partial<ReceiverOptions> = {}): Receiver =>
  createReceiver({ register: faulty.register, tasks: TASKS, ...options })

afterEach(async () => {
  faulty.down = undefined
  await faulty.register.close()
  faulty = faultyRegister()
})

const bytesOf = async (response: Response): Promise<Uint8Array> => new Uint8Array(await response.arrayBuffer())

/** What the answer says of sending again: its status and Retry-After. */
const retryOf = (response: Response): unknown => [response.status, response.headers.get('retry-after')]

const large = (number: number): object =>
  exportOf(predictionEvent(prediction(number, { features: { text: 'x'.repeat(7000) } })))

describe('what is refused as a whole', () => {
  const good = exportOf(predicted(1))
  const json = { 'content-type': 'application/json' }
  const bomb = gzipSync(Buffer.alloc(64 * MEBIBYTE))

  test.each<[string, number, () => Request, Partial<ReceiverOptions>]>([
    ['no token', 401, () => postJson(good), { tokens: [TOKEN] }],
    ['another token', 401, () => postJson(good, { authorization: `Bearer ${TOKEN}x` }), { tokens: [TOKEN] }],
    ['a token in another scheme', 401, () => postJson(good, { authorization: `Basic ${TOKEN}` }), { tokens: [TOKEN] }],
    ['no media type', 415, () => post(new Uint8Array(1), {}), {}],
    ['another media type', 415, () => post('x', { 'content-type': 'text/plain' }), {}],
    ['another compression', 415, () => postJson(good, { 'content-encoding': 'zstd' }), {}],
    ['two compressions', 415, () => postJson(good, { 'content-encoding': 'gzip, gzip' }), {}],
    ['what is no JSON', 400, () => post('{', json), {}],
    ['what is no protobuf', 400, () => post('{}', { 'content-type': 'application/x-protobuf' }), {}],
    ['what is no gzip', 400, () => postJson(good, { 'content-encoding': 'gzip' }), {}],
    [
      'gzip that is cut',
      400,
      () => post(gzipSync(JSON.stringify(good)).subarray(0, -9), { ...json, 'content-encoding': 'gzip' }),
      {},
    ],
    ['a body that breaks off', 400, () => post(streamed([new Uint8Array(5)], 'fails'), json), {}],
    [
      'a length that is announced',
      413,
      () => postJson(good, { 'content-length': '1000001' }),
      { maxBodyBytes: 1_000_000 },
    ],
    [
      'a body that is longer than announced',
      413,
      () => post(streamed([new Uint8Array(600), new Uint8Array(600)]), { ...json, 'content-length': '5' }),
      { maxBodyBytes: 1000 },
    ],
    ['a bomb', 413, () => post(bomb, { ...json, 'content-encoding': 'gzip' }), {}],
  ])('%s: %i, and nothing is stored', async (_, status, request, options) => {
    const receiver = open(options)
    const response = await receiver.logs(request())
    expect(response.status).toBe(status)
    expect(response.headers.get('retry-after')).toBeNull()
    const encoding = request().headers.get('content-type') === 'application/x-protobuf' ? 'protobuf' : 'json'
    const body = encoding === 'json' ? ((await response.json()) as object) : decoded('Status', await bytesOf(response))
    expect(body).toMatchObject({
      code: expect.any(Number) as number,
      message: expect.stringMatching(/^[A-Z].*\. [A-Z].*\.$/s) as string,
    })
    expect(faulty.calls).toEqual([])
    expect(receiver.counts()).toMatchObject({ requests: { [status]: 1 }, bytesInFlight: 0 })
  })

  test('a body that somebody read before says so, and where the receiver belongs', async () => {
    const request = postJson(good)
    await request.text()
    const response = await open().logs(request)
    expect([response.status, response.headers.get('retry-after')]).toEqual([500, null])
    expect(await response.json()).toMatchObject({
      message: expect.stringMatching(/read before .* Mount the receiver above whatever parses bodies/) as string,
    })
    expect(faulty.calls).toEqual([])
  })

  test.each(['GET', 'PUT', 'DELETE'])('%s', async (method) => {
    const response = await open().logs(new Request('http://localhost/v1/logs', { method }))
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
  })

  test('says which token and which compression are wanted', async () => {
    const unknown = await open({ tokens: [TOKEN] }).logs(postJson(good))
    expect(unknown.headers.get('www-authenticate')).toBe('Bearer')
    expect(JSON.stringify(await unknown.json())).not.toContain(TOKEN)
    const zstd = await open().logs(postJson(good, { 'content-encoding': 'zstd' }))
    expect(zstd.headers.get('accept-encoding')).toBe('gzip')
  })

  test('bad data is described in a BadRequest', async () => {
    const answer = await open().logs(post('{}', { 'content-type': 'application/x-protobuf' }))
    const { details } = decoded('Status', await bytesOf(answer)) as {
      details: [{ typeUrl: string; value: Uint8Array }]
    }
    expect(details[0].typeUrl).toBe('type.googleapis.com/google.rpc.BadRequest')
    expect(decoded('BadRequest', details[0].value)).toEqual({
      fieldViolations: [{ field: 'body', description: expect.any(String) as string }],
    })
    const inJson = (await (await open().logs(post('{', json))).json()) as { details: unknown }
    expect(inJson.details).toMatchObject([{ '@type': details[0].typeUrl, fieldViolations: [{ field: 'body' }] }])
  })

  test('each of several tokens is let in', async () => {
    const receiver = open({ tokens: [TOKEN, OTHER_TOKEN] })
    for (const token of [`Bearer ${TOKEN}`, `bearer  ${OTHER_TOKEN}`]) {
      expect((await receiver.logs(postJson(good, { authorization: token }))).status).toBe(200)
    }
  })
})

describe('what shall be sent again', () => {
  test.each([
    ['unavailable', new GroundtraceError('register-unavailable', 'The disk is full', 'Free some')],
    ['closed', new GroundtraceError('register-closed', 'It is closed', 'Open it')],
  ])('what meets a register that is %s: 503, and nothing is lost', async (_, down) => {
    const heard: LossDiagnostic[] = []
    const receiver = open({ retryAfterSeconds: 7, onDiagnostic: (diagnostic) => heard.push(diagnostic) })
    faulty.down = down
    expect(retryOf(await receiver.logs(postJson(exportOf(predicted(1)))))).toEqual([503, '7'])
    expect(heard).toEqual([{ reason: down.code, lines: 0, error: down }])
    faulty.down = undefined
    expect((await receiver.logs(postJson(exportOf(predicted(1))))).status).toBe(200)
    expect(await faulty.register.totals()).toMatchObject({ predictions: 1, loss: {} })
  })

  test('but not what meets a fault of the receiver: 500', async () => {
    faulty.down = new TypeError('a slip')
    const response = await open({
      onDiagnostic: () => {
        throw new Error('nobody hears')
      },
    }).logs(postJson(exportOf(predicted(1))))
    expect(retryOf(response)).toEqual([500, null])
    expect(await response.text()).not.toContain('a slip')
  })

  test('what does not arrive in time', async () => {
    const timers = new ManualTimers()
    const receiver = open({ timers, bodyTimeoutMs: 1234 })
    const body = streamed([new TextEncoder().encode('{"resource')], 'hangs')
    const answer = receiver.logs(post(body, { 'content-type': 'application/json' }))
    await settled()
    expect(await timers.next()).toBe(1234)
    expect(retryOf(await answer)).toEqual([503, '1'])
    expect(receiver.counts().bytesInFlight).toBe(0)
    expect(timers.running).toEqual([])
  })

  test('what is not stored in time; its memory counts until it is', async () => {
    const timers = new ManualTimers()
    const stored = Promise.withResolvers<readonly []>()
    const register = { ...faulty.register, appendPredictions: () => stored.promise }
    const receiver = createReceiver({ register, tasks: TASKS, timers, storeTimeoutMs: 4321 })
    const answer = receiver.logs(postJson(exportOf(predicted(1))))
    await settled()
    expect(await timers.next()).toBe(4321)
    expect(retryOf(await answer)).toEqual([503, '1'])
    expect(receiver.counts().bytesInFlight).toBeGreaterThan(0)
    stored.resolve([])
    await settled()
    expect(receiver.counts().bytesInFlight).toBe(0)
  })

  test('what comes while others hold the memory: 429, plain or out of gzip', async () => {
    const stored = Promise.withResolvers<readonly []>()
    const register = { ...faulty.register, appendPredictions: () => stored.promise }
    const receiver = createReceiver({ register, tasks: TASKS, maxBodyBytes: 10_000, maxBytesInFlight: 20_000 })
    const waiting = [receiver.logs(postProtobuf(large(1))), receiver.logs(postProtobuf(large(2)))]
    await settled()
    const held = receiver.counts().bytesInFlight
    expect(held).toBeGreaterThan(14_000)
    expect(retryOf(await receiver.logs(postProtobuf(large(3))))).toEqual([429, '1'])
    expect(retryOf(await receiver.logs(postGzip(large(3))))).toEqual([429, '1'])
    expect(receiver.counts().bytesInFlight).toBe(held)
    stored.resolve([])
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200])
    expect(receiver.counts().bytesInFlight).toBe(0)
  })
})
