import { HEADER_TRACKING_ID } from '@groundtrace/core/semconv'
import { Agent, get } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { serveExpress } from '../../hosts/web/express.ts'
import { serveFastify } from '../../hosts/web/fastify.ts'
import { Gate } from '../../hosts/web/gate.ts'
import { serveHono } from '../../hosts/web/hono.ts'
import { serveNodeHttp } from '../../hosts/web/node-http.ts'
import { PREDICTIONS } from '../../hosts/web/predictions.ts'
import type { WebServer } from '../../hosts/web/server.ts'

const SERVERS = [
  ['node:http', serveNodeHttp],
  ['Express', serveExpress],
  ['Fastify', serveFastify],
  ['Hono', serveHono],
] as const

const idsIn = (response: Response): readonly string[] => response.headers.get(HEADER_TRACKING_ID)?.split(', ') ?? []
const bodyOf = async (response: Response): Promise<readonly string[]> => (await response.json()) as readonly string[]

describe('a service on Hono', () => {
  let server: WebServer

  beforeEach(async () => {
    server = await serveHono(new Gate())
  })
  afterEach(() => server.close())

  test('has the header on a response whose headers nobody may change', async () => {
    const response = await fetch(`${server.url}/moved`, { redirect: 'manual' })
    expect(response.status).toBe(302)
    expect(response.headers.get('location')).toBe(`http://127.0.0.1/${idsIn(response)[0]}`)
  })

  test('has the header once where the middleware is mounted twice', async () => {
    const response = await fetch(`${server.url}/twice`)
    expect(idsIn(response)).toEqual(await bodyOf(response))
  })
})

describe.each(SERVERS)('a service on %s', (_, serve) => {
  let gate: Gate
  let server: WebServer
  const ask = (path: string, init?: RequestInit): Promise<Response> => fetch(`${server.url}${path}`, init)

  beforeEach(async () => {
    gate = new Gate()
    server = await serve(gate)
  })
  afterEach(() => server.close())

  test.each(Object.keys(PREDICTIONS))('says in the header what was predicted: %s', async (name) => {
    const response = await ask(`/predict/${name}`)
    expect(response.status).toBe(200)
    expect(idsIn(response)).toEqual(await bodyOf(response))
  })

  test('has no header where nothing was predicted', async () => {
    expect((await ask('/predict/none')).headers.has(HEADER_TRACKING_ID)).toBe(false)
  })

  test('has a header below 1 KiB whatever was predicted', async () => {
    const lengths = await Promise.all(
      ['many', 'batch-of-100000', 'nested'].map(
        async (name) => (await ask(`/predict/${name}`)).headers.get(HEADER_TRACKING_ID)?.length,
      ),
    )
    expect(lengths).toEqual([16 * 49 + 15 * 2, 49 + ';rows=100000'.length, 3 * 49 + 2 * 2])
  })

  test('names a prediction that is a stream before the stream is over', async () => {
    const response = await ask('/stream')
    const [id = ''] = idsIn(response)
    await gate.reached(1)
    gate.open()
    expect(await response.text()).toBe(`${id}abc`)
    expect(id).toMatch(/^[0-9a-f]{32}-[0-9a-f]{16}$/)
  })

  test('answers as ever when the headers are sent before the prediction begins, and leaves it out', async () => {
    const response = await ask('/late')
    await gate.reached(1)
    gate.open()
    expect(await response.text()).toMatch(/^late [0-9a-f]{32}-[0-9a-f]{16}$/)
    expect(idsIn(response)).toEqual([])
  })

  test('names the prediction in the response of an error that its handler threw', async () => {
    const response = await ask('/fails')
    expect(response.status).toBe(500)
    const [id = '', ...others] = idsIn(response)
    expect(others).toEqual([])
    expect(await response.text()).toContain(id)
    expect(id).toMatch(/^[0-9a-f]{32}-[0-9a-f]{16}$/)
  })

  test('names the prediction in an answer without a body: HEAD, and 304', async () => {
    const head = await ask('/predict/one', { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    expect(idsIn(head)).toHaveLength(1)
    const unchanged = await ask('/unchanged')
    expect(unchanged.status).toBe(304)
    expect(unchanged.headers.get('etag')).toBe(`"${idsIn(unchanged)[0]}"`)
  })

  test('names what is predicted when the body of the request has come', async () => {
    const response = await ask('/body', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'two', padding: 'x'.repeat(60_000) }),
    })
    const ids = idsIn(response)
    expect(ids).toHaveLength(2)
    expect(ids).toEqual(await bodyOf(response))
  })

  test('leaves a header alone that the handler set itself', async () => {
    expect(idsIn(await ask('/own'))).toEqual(['own'])
  })

  test('mixes up no two requests that it answers at the same time', async () => {
    const asked = Array.from({ length: 20 }, () => ask('/gated'))
    await gate.reached(asked.length)
    gate.open()
    const seen: string[] = []
    for (const response of await Promise.all(asked)) {
      const ids = idsIn(response)
      expect(ids).toEqual(await bodyOf(response))
      seen.push(...ids)
    }
    expect(new Set(seen).size).toBe(40)
  })

  test('carries nothing from one request of a connection to the next', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const headers: (readonly string[])[] = []
    const reused: boolean[] = []
    for (const name of ['two', 'none', 'one', 'none']) {
      const request = get(`${server.url}/predict/${name}`, { agent })
      const response = await new Promise<NodeJS.ReadableStream & { headers: Record<string, unknown> }>((resolve) =>
        request.once('response', resolve),
      )
      const expected = JSON.parse(await text(response)) as readonly string[]
      expect(response.headers[HEADER_TRACKING_ID]).toBe(expected.length === 0 ? undefined : expected.join(', '))
      headers.push(expected)
      reused.push(request.reusedSocket)
    }
    agent.destroy()
    expect(headers.map(({ length }) => length)).toEqual([2, 0, 1, 0])
    expect(reused).toEqual([false, true, true, true])
  })

  test('keeps requests apart that come at once on one connection', async () => {
    const names = ['two', 'none', 'one']
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    const requests = names.map((name, index) => {
      const connection = index === names.length - 1 ? 'close' : 'keep-alive'
      return `GET /predict/${name} HTTP/1.1\r\nHost: localhost\r\nConnection: ${connection}\r\n\r\n`
    })
    socket.write(requests.join(''))
    const answers = (await text(socket)).split(/(?=HTTP\/1\.1 200)/)
    expect(answers).toHaveLength(3)
    const found = answers.map((answer) => {
      const header = /^groundtrace-tracking-id: (.*)$/im.exec(answer)?.[1]
      const body = JSON.parse(/\[.*\]/.exec(answer)?.[0] ?? 'null') as readonly string[]
      expect(header?.split(', ') ?? []).toEqual(body)
      return body.length
    })
    expect(found).toEqual([2, 0, 1])
  })

  test('goes on when a client went away before it was answered', async () => {
    const abort = new AbortController()
    const gone = ask('/gated', { signal: abort.signal })
    await gate.reached(1)
    abort.abort()
    await expect(gone).rejects.toThrow('aborted')
    gate.open()
    const response = await ask('/predict/one')
    expect(idsIn(response)).toEqual(await bodyOf(response))
  })
})
