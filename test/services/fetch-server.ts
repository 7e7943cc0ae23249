import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** A handler on a free port of this machine. */
export interface FetchServer {
  readonly url: string
  stop(): Promise<void>
}

/** Serves a fetch-standard handler. */
export async function serveFetch(handle: (request: Request) => Promise<Response>): Promise<FetchServer> {
  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = incoming
    const body = method === 'POST' ? { body: await buffer(incoming) } : {}
    const response = await handle(new Request(`http://127.0.0.1${url}`, { method, ...body }))
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    outgoing.end(Buffer.from(await response.arrayBuffer()))
  }
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
