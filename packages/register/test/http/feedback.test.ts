import { feedbackId, GroundtraceError, isTrackingId, type Receipt } from '@groundtrace/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createReceiver, type Receiver, type ReceiverOptions } from '../../src/http.ts'
import { id, prediction, START, TASKS } from '../../src/testing/fixtures.ts'
import { faultyRegister } from '../events.ts'

let faulty = faultyRegister()
beforeEach(async () => {
  faulty = faultyRegister()
  await faulty.register.appendPredictions([prediction(1), prediction(2)])
})
afterEach(() => faulty.register.close())

let clock = START + 3_600_000
const open = (options: Partial<ReceiverOptions> = {}): Receiver =>
  createReceiver({ register: faulty.register, tasks: TASKS, now: () => (clock += 1000), ...options })

type Headers = Readonly<Record<string, string>>
const post = (body: unknown, headers: Headers = {}): Request =>
  new Request('http://localhost/v1/feedback', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

const wrong = { kind: 'rating', right: false, source: 'recipient', target: { prediction: id(1) } }

describe('one feedback', () => {
  test('is answered with its receipt when it is in the register', async () => {
    const response = await open().feedback(post({ ...wrong, id: id(101), time: START + 3_600_000 }))
    expect([response.status, await response.json()]).toEqual([200, { id: id(101), status: 'stored' }])
    expect(await faulty.register.outcomesOf(id(1))).toMatchObject([{ state: 'settled', label: 'ham' }])
  })

  test('gets an ID and a time where it has none', async () => {
    const receipt = (await (await open().feedback(post(wrong))).json()) as Receipt
    expect(isTrackingId(receipt.id)).toBe(true)
    expect((await faulty.register.feedbackOn(id(1)))[0]?.feedback).toMatchObject({ id: receipt.id, time: clock })
  })

  test('may wait for its prediction', async () => {
    const response = await open().feedback(post({ ...wrong, target: { prediction: id(9) } }))
    expect([response.status, await response.json()]).toMatchObject([200, { status: 'orphaned' }])
  })

  test.each(['click-1', '"click-1"'])('with the idempotency key %s may be sent again', async (key) => {
    const receiver = open()
    const send = async (): Promise<unknown> =>
      await (await receiver.feedback(post(wrong, { 'idempotency-key': key }))).json()
    expect(await send()).toEqual({ id: feedbackId('recipient', 'click-1'), status: 'stored' })
    expect(await send()).toEqual({ id: feedbackId('recipient', 'click-1'), status: 'duplicate' })
    expect(receiver.counts().lines).toMatchObject({ stored: 1, duplicate: 1 })
  })

  test('with an idempotency key may be sent again while the first is still on its way', async () => {
    const receiver = open()
    const answers = await Promise.all(
      Array.from({ length: 8 }, async () => await receiver.feedback(post(wrong, { 'idempotency-key': 'k' }))),
    )
    const receipts = await Promise.all(answers.map(async (answer) => (await answer.json()) as Receipt))
    expect(receipts.map(({ status }) => status).sort()).toEqual([
      ...Array.from({ length: 7 }, () => 'duplicate'),
      'stored',
    ])
    expect((await faulty.register.totals()).feedback.stored).toBe(1)
  })

  test('with a key of another feedback is a problem, and the first is kept', async () => {
    const receiver = open()
    await receiver.feedback(post(wrong, { 'idempotency-key': 'k' }))
    const response = await receiver.feedback(post({ ...wrong, right: true }, { 'idempotency-key': 'k' }))
    expect(response.status).toBe(422)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({
      type: 'about:blank',
      title: 'Unprocessable Entity',
      status: 422,
      detail: expect.stringMatching(/^Another feedback with this ID/) as string,
      receipt: { id: feedbackId('recipient', 'k'), status: 'conflict' },
    })
    expect(await faulty.register.outcomesOf(id(1))).toMatchObject([{ label: 'ham' }])
  })

  test.each<[string, unknown]>([
    ['without a kind', { ...wrong, kind: undefined }],
    ['with a source that is no word', { ...wrong, source: 'the boss' }],
    ['with a time that is none', { ...wrong, time: 'now' }],
    ['that is no object', 5],
    ['that is null', null],
  ])('%s is a problem', async (_, line) => {
    const response = await open().feedback(post(JSON.stringify(line), { 'idempotency-key': 'k' }))
    expect([response.status, await response.json()]).toMatchObject([422, { receipt: { status: 'rejected' } }])
  })
})

describe('a list', () => {
  test('is answered with a receipt for each, in order; bad ones never harm good ones', async () => {
    const list = [
      { ...wrong, id: id(101) },
      { ...wrong, stars: 7, kind: 'stars' },
      null,
      { ...wrong, id: id(102), target: { prediction: id(2) } },
    ]
    const response = await open().feedback(post(list))
    const { receipts } = (await response.json()) as { receipts: readonly Receipt[] }
    expect(response.status).toBe(200)
    expect(receipts.map(({ status }) => status)).toEqual(['stored', 'rejected', 'rejected', 'stored'])
  })

  test('with an idempotency key may be sent again', async () => {
    const receiver = open()
    const list = [wrong, { ...wrong, target: { prediction: id(2) } }]
    const send = async (): Promise<unknown> =>
      await (await receiver.feedback(post(list, { 'idempotency-key': 'all' }))).json()
    const ids = [0, 1].map((place) => feedbackId('recipient', `all#${place}`))
    expect(await send()).toEqual({ receipts: ids.map((one) => ({ id: one, status: 'stored' })) })
    expect(await send()).toEqual({ receipts: ids.map((one) => ({ id: one, status: 'duplicate' })) })
  })

  test.each([253, 256])(
    'with an idempotency key that is too long for its places, of %i characters, is refused',
    async (length) => {
      const response = await open().feedback(post([wrong], { 'idempotency-key': 'k'.repeat(length) }))
      expect([response.status, await response.json()]).toMatchObject([length === 253 ? 200 : 400, {}])
    },
  )

  test('may be empty', async () => {
    expect(await (await open().feedback(post([]))).json()).toEqual({ receipts: [] })
  })
})

describe('what is no feedback', () => {
  test('never comes to the register, is told and is counted in its loss ledger', async () => {
    const heard: unknown[] = []
    const given: unknown[] = []
    const { register } = faulty
    const receiver = createReceiver({
      register: {
        ...register,
        appendFeedback: async (lines) => {
          given.push(...lines)
          return await register.appendFeedback(lines)
        },
      },
      onDiagnostic: ({ reason, lines }) => heard.push([reason, lines]),
    })
    const junk = { a: { b: ['c'] } }
    await receiver.feedback(
      post([{ ...wrong, id: id(101) }, { ...wrong, junk }, { ...wrong, kind: junk }, 5, { ...wrong, user: junk }]),
    )
    expect(given).toEqual([{ ...wrong, id: id(101), time: expect.any(Number) as number }])
    expect(heard).toEqual([['invalid-feedback', 4]])
    expect((await register.totals()).loss).toEqual({ 'invalid-feedback': 4 })
    expect(receiver.counts().lines).toMatchObject({ stored: 1, rejected: 4 })
  })

  test.each([
    ['coment', { ...wrong, coment: 'not spam' }],
    ['label', { ...wrong, label: 'ham' }],
    ['target.entity', { ...wrong, target: { prediction: id(1), entity: 'mail-7' } }],
  ])(
    'has a field %s that no feedback of its kind has: it is named, and those beside it are stored',
    async (field, line) => {
      const response = await open().feedback(post([line, wrong]))
      const { receipts } = (await response.json()) as { receipts: readonly Receipt[] }
      expect(receipts.map(({ status }) => status)).toEqual(['rejected', 'stored'])
      expect(receipts[0]?.reason).toBe(
        `A feedback of kind rating has no field "${field}". Check its name, or leave it out.`,
      )
    },
  )

  test.each<[string, string]>([
    ['lists', `[${Array(20_001).fill('[]').join(',')}]`],
    ['lists in each other', `${'['.repeat(20_001)}${']'.repeat(20_001)}`],
    ['members', `{${Array.from({ length: 20_001 }, (_, at) => `"${at}":1`).join(',')}}`],
  ])('of more %s than a thousand lines have is not even parsed', async (_, body) => {
    expect((await open().feedback(post(body))).status).toBe(413)
  })
})

test.each<[string, BodyInit, string]>([
  ['nothing', '', 'The body is empty. Send JSON, as its Content-Type promises.'],
  [
    'half a list',
    '[1',
    "The body is no JSON (Expected ',' or ']' after array element at position 2 (line 1 column 3)). Send what its Content-Type promises.",
  ],
  ['no text', Uint8Array.of(0x22, 0xff, 0x22), 'The body is no text in UTF-8. Send JSON in UTF-8.'],
])('a body of %s is called what it is', async (_, body, detail) => {
  const headers = { 'content-type': 'application/json' }
  const response = await open().feedback(new Request('http://localhost/v1/feedback', { method: 'POST', headers, body }))
  expect([response.status, await response.json()]).toMatchObject([400, { detail }])
})

describe('what is refused as a whole is a problem by RFC 9457', () => {
  test.each<[string, number, () => Request, Partial<ReceiverOptions>]>([
    ['no token', 401, () => post(wrong), { tokens: ['a-token-of-the-test'] }],
    ['a form', 415, () => post('a=b', { 'content-type': 'application/x-www-form-urlencoded' }), {}],
    ['no JSON', 400, () => post('{'), {}],
    ['an empty key', 400, () => post(wrong, { 'idempotency-key': '""' }), {}],
    ['a key that is too long', 400, () => post(wrong, { 'idempotency-key': 'k'.repeat(257) }), {}],
    ['too many lines', 413, () => post(Array.from({ length: 1001 }, () => 0)), {}],
    ['too many bytes', 413, () => post([wrong, wrong]), { maxBodyBytes: 100 }],
  ])('%s: %i', async (_, status, request, options) => {
    const response = await open(options).feedback(request())
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect([response.status, await response.json()]).toMatchObject([
      status,
      { type: 'about:blank', status, title: expect.any(String) as string, detail: expect.any(String) as string },
    ])
    expect((await faulty.register.totals()).feedback.stored).toBe(0)
  })

  test('a register that fails: 503, and the same request is stored when it is back', async () => {
    const receiver = open({ retryAfterSeconds: 3 })
    faulty.down = new GroundtraceError('register-unavailable', 'The disk is full', 'Free some')
    const response = await receiver.feedback(post(wrong, { 'idempotency-key': 'k' }))
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '3'])
    faulty.down = undefined
    expect((await receiver.feedback(post(wrong, { 'idempotency-key': 'k' }))).status).toBe(200)
  })
})
