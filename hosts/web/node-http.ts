import { nodeTrackingIdHeader } from '@groundtrace/instrumentation'
import { HEADER_TRACKING_ID } from '@groundtrace/core/semconv'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { Gate } from './gate.ts'
import { predict, spelled } from './predictions.ts'
import { listening, type WebServer } from './server.ts'

type Handler = (request: IncomingMessage, response: ServerResponse, gate: Gate) => unknown

const json = (response: ServerResponse, body: unknown): unknown =>
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))

const HANDLERS: Readonly<Record<string, Handler>> = {
  async stream(_, response, gate) {
    const { letters, id } = await spelled('abc')
    response.write(id)
    await gate.pass()
    await pipeline(letters, response)
  },
  async late(_, response, gate) {
    response.writeHead(200).write('late ')
    await gate.pass()
    response.end(String(await predict('one')))
  },
  async gated(_, response, gate) {
    await gate.pass()
    json(response, await predict('two'))
  },
  async fails() {
    throw new Error(String(await predict('one')))
  },
  async unchanged(_, response) {
    response.writeHead(304, { etag: `"${String(await predict('one'))}"` }).end()
  },
  async own(_, response) {
    await predict('one')
    response.writeHead(200, { [HEADER_TRACKING_ID.toUpperCase()]: 'own' }).end()
  },
  body(request, response) {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', async () => {
      const { name } = JSON.parse(Buffer.concat(chunks).toString()) as { name: string }
      json(response, await predict(name))
    })
  },
}

/** A service on `node:http` alone, as a user would write it. */
export async function serveNodeHttp(gate: Gate): Promise<WebServer> {
  const listener = nodeTrackingIdHeader(async (request, response) => {
    const [, first = '', second] = (request.url ?? '').split('/')
    try {
      if (first === 'predict') json(response, await predict(second))
      else await HANDLERS[first]?.(request, response, gate)
    } catch (error) {
      response.writeHead(500).end((error as Error).message)
    }
  })
  return listening(createServer(listener))
}
