import { GroundtraceError } from '@groundtrace/core'
import { HEADER_TRACKING_ID } from '@groundtrace/core/semconv'
import { expressTrackingIdHeader, nodeTrackingIdHeader, tracePrediction } from '@groundtrace/instrumentation'
import { EventEmitter } from 'node:events'
import { createServer, get, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import * as http2 from 'node:http2'
import type { AddressInfo, Server } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, test } from 'vitest'
import { FILTERED } from '../spam-filter.ts'

const predict = tracePrediction(() => 'ham', FILTERED)
const servers: Server[] = []

async function listen(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))))
})

interface Answer {
  readonly status: number | undefined
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

/** Asks a server once; the headers in the order and form in which they came. */
async function ask(listener: RequestListener): Promise<Answer> {
  const port = await listen(createServer(listener))
  const request = get({ port, host: '127.0.0.1', agent: false })
  const response = await new Promise<IncomingMessage>((resolve) => request.once('response', resolve))
  const { rawHeaders, statusCode } = response
  const headers = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 && !['Date', 'Connection', 'Transfer-Encoding'].includes(name)
      ? [[name, rawHeaders[index + 1] ?? ''] as const]
      : [],
  )
  return { status: statusCode, headers, body: await text(response) }
}

const idIn = ({ headers }: Answer): string | undefined => headers.find(([name]) => name === HEADER_TRACKING_ID)?.[1]

type Respond = (response: ServerResponse, id: string) => unknown

/** Each way to write a head, and the headers that Node sends for it without us. */
const HEADS: Readonly<Record<string, Respond>> = {
  'nothing but the end': (response) => response.end(),
  'a status': (response) => response.writeHead(202).end(),
  'a status and a phrase': (response) => response.writeHead(202, 'Fine').end(),
  'an object of headers': (response) => response.writeHead(200, { A: '1', b: ['2', '3'] }).end(),
  'a phrase and an object': (response) => response.writeHead(200, 'Fine', { A: '1' }).end(),
  'no phrase and an object': (response) => response.writeHead(200, undefined, { A: '1' }).end(),
  'a list of names and values': (response) => response.writeHead(200, ['A', '1', 'A', '2']).end(),
  'an empty list': (response) => response.writeHead(200, []).end(),
  'a list of pairs': (response) =>
    response
      .writeHead(200, [
        ['A', '1'],
        ['A', '2'],
      ] as never)
      .end(),
  'headers that were set': (response) => response.setHeader('A', '1').end(),
  'headers that were set, and an object': (response) => response.setHeader('A', '1').writeHead(200, { B: '2' }).end(),
  'headers that were set, and a list': (response) => response.setHeader('A', '1').writeHead(200, ['B', '2']).end(),
  'headers that are flushed': (response) => {
    response.flushHeaders()
    response.end('x')
  },
}

describe('the head of a response', () => {
  test.each(Object.entries(HEADS))('by %s is what it was, with our header in it', async (_, respond) => {
    const plain = await ask((_, response) => void respond(response, ''))
    let id = ''
    const ours = await ask(
      nodeTrackingIdHeader(async (_, response) => {
        id = (await predict()).trackingId
        respond(response, id)
      }),
    )
    expect(ours.headers.filter(([name]) => name !== HEADER_TRACKING_ID)).toEqual(plain.headers)
    expect([ours.status, ours.body]).toEqual([plain.status, plain.body])
    expect(idIn(ours)).toBe(id)
  })

  test.each<[string, Respond]>([
    ['set', (response) => response.setHeader(HEADER_TRACKING_ID, 'mine').end()],
    ['in an object', (response) => response.writeHead(200, { [HEADER_TRACKING_ID]: 'mine' }).end()],
    ['in a list', (response) => response.writeHead(200, [HEADER_TRACKING_ID, 'mine']).end()],
    ['in a list of pairs', (response) => response.writeHead(200, [[HEADER_TRACKING_ID, 'mine']] as never).end()],
    ['set and in an object', (r) => r.setHeader(HEADER_TRACKING_ID, 'mine').writeHead(200, { A: '1' }).end()],
  ])('keeps a header of the name that the service says itself: %s', async (_, respond) => {
    const answer = await ask(
      nodeTrackingIdHeader(async (_, response) => {
        await predict()
        respond(response, '')
      }),
    )
    expect(answer.headers.filter(([name]) => name === HEADER_TRACKING_ID)).toEqual([[HEADER_TRACKING_ID, 'mine']])
  })

  test('that Node refuses is refused as ever, and may be written anew', async () => {
    let id = ''
    const answer = await ask(
      nodeTrackingIdHeader(async (_, response) => {
        id = (await predict()).trackingId
        expect(() => response.writeHead(200, { a: 'line\nbreak' })).toThrow(TypeError)
        response.writeHead(500).end()
        expect(() => response.writeHead(200)).toThrow(/after they are sent/)
      }),
    )
    expect([answer.status, idIn(answer)]).toEqual([500, id])
  })

  test('is told once where middleware is mounted twice, with all that was predicted', async () => {
    const middleware = [expressTrackingIdHeader(), expressTrackingIdHeader()] as const
    const ids: string[] = []
    const answer = await ask(
      nodeTrackingIdHeader(async (request, response) => {
        ids.push((await predict()).trackingId)
        middleware[0](request, response, () =>
          middleware[1](request, response, async () => {
            ids.push((await predict()).trackingId)
            response.end()
          }),
        )
      }),
    )
    expect(answer.headers).toEqual(expect.arrayContaining([[HEADER_TRACKING_ID, ids.join(', ')]]))
    expect(ids).toHaveLength(2)
  })

  test('goes through what others do when it is written', async () => {
    const answer = await ask(
      nodeTrackingIdHeader(async (_, response) => {
        await predict()
        const writeHead = response.writeHead.bind(response)
        response.writeHead = (status: number) => writeHead(status, { late: 'yes' })
        response.end()
      }),
    )
    expect(answer.headers.map(([name]) => name)).toEqual(expect.arrayContaining(['late', HEADER_TRACKING_ID]))
  })
})

describe('an answer', () => {
  test('gets the arguments and this, and what it returns or throws comes back', () => {
    const failure = new Error('no answer')
    const seen: unknown[] = []
    const listener = nodeTrackingIdHeader(function (this: unknown, request, response) {
      seen.push(this, request, response)
      if (seen.length > 3) throw failure
      return 'answered'
    })
    const [server, request, response] = [{}, new EventEmitter(), {}]
    const call = (): unknown => Reflect.apply(listener, server, [request, response])
    expect(call()).toBe('answered')
    expect(seen).toEqual([server, request, response])
    expect(call).toThrow(failure)
  })

  test('is given although nothing can be hung on its request and response', () => {
    const [request, response] = [Object.freeze(new EventEmitter()), Object.freeze({ writeHead: () => 'written' })]
    const listener = nodeTrackingIdHeader(() => 'answered')
    expect(Reflect.apply(listener, undefined, [request, response])).toBe('answered')
    expect(response.writeHead()).toBe('written')
  })

  test('goes out unchanged when the response can not say what it has', () => {
    const response = {
      headersSent: false,
      hasHeader() {
        throw new Error('not here')
      },
      writeHead: (...args: unknown[]) => args,
    }
    const listener = nodeTrackingIdHeader(() => {
      void predict()
      return (response.writeHead as (...args: unknown[]) => unknown)(200, { a: '1' })
    })
    expect(Reflect.apply(listener, undefined, [new EventEmitter(), response])).toEqual([200, { a: '1' }])
  })

  test('over HTTP/2 says its predictions too', async () => {
    let id = ''
    const port = await listen(
      http2.createServer(
        nodeTrackingIdHeader(async (_: http2.Http2ServerRequest, response: http2.Http2ServerResponse) => {
          id = (await predict()).trackingId
          response.end('h2')
        }),
      ),
    )
    const session = http2.connect(`http://127.0.0.1:${port}`)
    const stream = session.request({ ':path': '/' })
    const headers = await new Promise<http2.IncomingHttpHeaders>((resolve) => stream.once('response', resolve))
    expect(await text(stream)).toBe('h2')
    session.close()
    expect(headers[HEADER_TRACKING_ID]).toBe(id)
  })
})

test('what is no listener is refused when the server is made', () => {
  expect(() => nodeTrackingIdHeader('listener' as never)).toThrow(GroundtraceError)
  expect(() => nodeTrackingIdHeader(undefined as never)).toThrow('undefined is no function. Pass the function')
})
