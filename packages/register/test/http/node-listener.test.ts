import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { nodeListener, type HttpRequest } from '../../src/http.ts'
import { sourceOf } from '../../src/http/http-request.ts'

let stop: () => Promise<unknown> = () => Promise.resolve()
afterEach(() => stop())

/** Serves a handler on a free port of this machine. */
async function serve(handle: (request: HttpRequest) => Promise<Response>): Promise<number> {
  const server = createServer(nodeListener(handle))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  stop = async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return (server.address() as AddressInfo).port
}

/** The body of a request, or only its first part. */
function textOf({ body }: HttpRequest, part: 'all' | 'first' = 'all'): Promise<string> {
  return new Promise((resolve, reject) => {
    if (body === null) return resolve('')
    const parts: Uint8Array[] = []
    const text = (): string => Buffer.concat(parts).toString()
    const stop = sourceOf(body).read({
      chunk(bytes) {
        parts.push(bytes)
        if (part === 'first') {
          stop()
          resolve(text())
        }
      },
      end: () => resolve(text()),
      error: reject,
    })
  })
}

/** A request as it goes over the wire, with a body of one character. */
const requestText = (body: string, more = ''): string =>
  `POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n${more}\r\n${body}`

/** Everything that comes back over a bare connection until the other side closes it. */
async function answered(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
  await once(socket, 'close')
  return text
}

test('hands on method, path, headers and body, and brings back status, headers and body', async () => {
  const port = await serve(async (request) => {
    const { pathname, search } = new URL(request.url)
    const told = [request.method, pathname, search, request.headers.get('x-a'), await textOf(request)]
    return new Response(JSON.stringify(told), { status: 201, headers: { 'x-b': 'c' } })
  })
  const response = await fetch(`http://127.0.0.1:${port}/a/b?c=d`, {
    method: 'POST',
    headers: { 'x-a': 'e' },
    body: 'Grüße',
  })
  expect([response.status, response.headers.get('x-b')]).toEqual([201, 'c'])
  expect(await response.json()).toEqual(['POST', '/a/b', '?c=d', 'e', 'Grüße'])
})

test('says whether the body was read before, as a parser in front of it does', async () => {
  const port = await serve(async (request) => new Response(String(request.bodyUsed)))
  const body = { method: 'POST', body: '{}' }
  expect(await (await fetch(`http://127.0.0.1:${port}/`, body)).text()).toBe('false')
  await stop()
  const listen = nodeListener(async (request) => new Response(String(request.bodyUsed)))
  const parsing = createServer((incoming, outgoing) => {
    incoming.resume().once('end', () => listen(incoming, outgoing))
  })
  await once(parsing.listen(0, '127.0.0.1'), 'listening')
  stop = async () => {
    parsing.closeAllConnections()
    await once(parsing.close(), 'close')
  }
  const { port: other } = parsing.address() as AddressInfo
  expect(await (await fetch(`http://127.0.0.1:${other}/`, body)).text()).toBe('true')
})

test('hands on a body while it comes', async () => {
  const port = await serve(async (request) => {
    return new Response(await textOf(request, 'first'))
  })
  const socket = connect(port, '127.0.0.1')
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nfirst')
  const answer = answered(socket)
  await once(socket, 'data')
  socket.end('-last')
  expect(await answer).toMatch(/^HTTP\/1\.1 200 OK\r\n.*connection: close\r\n.*\r\n\r\nfirst$/is)
})

test('answers before a long body is read, and lets the sender finish, so that the answer is read', async () => {
  const port = await serve(() => Promise.resolve(new Response('too large', { status: 413 })))
  const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: Buffer.alloc(8 * 2 ** 20) })
  expect([response.status, await response.text()]).toEqual([413, 'too large'])
})

test('keeps a connection for the next request', async () => {
  const port = await serve(async (request) => new Response(await textOf(request)))
  const socket = connect(port, '127.0.0.1')
  socket.write(requestText('a') + requestText('b', 'connection: close\r\n'))
  expect((await answered(socket)).match(/\r\n\r\n[ab]/g)).toEqual(['\r\n\r\na', '\r\n\r\nb'])
})

describe('answers all the same', () => {
  test('a handler that rejects: 500', async () => {
    const port = await serve(() => Promise.reject(new Error('a slip')))
    const response = await fetch(`http://127.0.0.1:${port}/`)
    expect([response.status, await response.text()]).toEqual([500, ''])
  })

  test.each(['//', '*', 'http://[', '/a b'])('a target that no address has: %s', async (target) => {
    const port = await serve(() => Promise.resolve(new Response('reached')))
    const socket = connect(port, '127.0.0.1')
    socket.write(`GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
    expect(await answered(socket)).toMatch(/^HTTP\/1\.1 (200|400) /)
  })

  test('a method that fetch forbids: the handler tells methods apart', async () => {
    const port = await serve(({ method }) => Promise.resolve(new Response(method, { status: 405 })))
    const socket = connect(port, '127.0.0.1')
    socket.write('TRACE / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
    expect(await answered(socket)).toMatch(/^HTTP\/1\.1 405 .*TRACE$/s)
  })

  test('HEAD: without a body', async () => {
    const port = await serve(() => Promise.resolve(new Response('some')))
    const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'HEAD' })
    expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([200, '4', ''])
  })
})

test('a client that goes away harms nobody: the body fails, and the next client is served', async () => {
  const failed = Promise.withResolvers<unknown>()
  const port = await serve(async (request) => {
    if (request.method === 'GET') return new Response('still here')
    await textOf(request).catch(failed.resolve)
    return new Response('nobody reads this')
  })
  const socket = connect(port, '127.0.0.1')
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nhalf')
  await once(socket, 'ready')
  socket.destroy()
  expect(await failed.promise).toBeInstanceOf(Error)
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('still here')
})

test('a connection that sends thousands of requests ahead of their answers is closed, after the 16 that it may send', async () => {
  let asked = 0
  const port = await serve(async () => {
    asked += 1
    return new Response('x'.repeat(100_000))
  })
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined).resume()
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(2000))
  await once(socket, 'close')
  expect(asked).toBe(16)
})

test('a connection has as many requests answered as it likes, one after the other or a few ahead', async () => {
  const port = await serve(async () => new Response('y'))
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
  for (let round = 1; round <= 20; round += 1) {
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(16))
    while (text.split('\r\n\r\ny').length <= 16 * round) await once(socket, 'data')
  }
  socket.destroy()
  expect(text).not.toContain('connection: close')
})
