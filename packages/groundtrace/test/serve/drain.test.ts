import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { drain } from '../../src/serve/drain.ts'

/** A server that keeps what it has to answer until the test says so. */
async function waitingServer(patienceMs: number) {
  const waiting: ServerResponse[] = []
  const server = createServer((_, response) => void waiting.push(response))
  const draining = drain(server, patienceMs)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const open = async (text: string): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write(text)
    return socket
  }
  return { server, draining, waiting, open }
}

const REQUEST = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n'

test('answers what is on its way, and closes what has nothing to ask', async () => {
  const { server, draining, waiting, open } = await waitingServer(60_000)
  const busy = await open(REQUEST)
  const unused = await open('')
  while (waiting.length === 0) await once(server, 'request')
  const stopped = draining.stop()
  await once(unused, 'close')
  expect(busy.closed).toBe(false)
  waiting[0]?.end('answer')
  const [chunk] = (await once(busy, 'data')) as [Buffer]
  expect(chunk.toString()).toMatch(/answer/)
  await stopped
})

test('cuts off what is never answered, when its patience ends', async () => {
  const { server, draining, waiting, open } = await waitingServer(50)
  const busy = await open(REQUEST)
  while (waiting.length === 0) await once(server, 'request')
  await draining.stop()
  await once(busy, 'close')
  expect(waiting[0]?.writableEnded).toBe(false)
})

test('of a server without connections resolves at once', async () => {
  const { draining } = await waitingServer(60_000)
  await expect(draining.stop()).resolves.toBeUndefined()
})
