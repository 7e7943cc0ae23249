import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { completion, completionChunks, response, responseEvents, type Asked } from './openai-answers.ts'

/** A server on a free port of this machine that speaks the protocol of OpenAI: chat completions and responses. */
export interface OpenAiServer {
  /** As the client takes it: with `/v1`. */
  readonly url: string
  readonly port: number
  /** How many requests were cut off by the client before they were answered in full. */
  readonly cutOff: () => number
  /** The bodies of the requests that came, as they came. */
  readonly bodies: () => readonly string[]
  readonly close: () => Promise<void>
}

/** Models that do not answer but fail, with what status. `flaky` does so every other time. */
const FAILURES: Readonly<Record<string, number>> = { missing: 404, limited: 429, broken: 500, flaky: 500 }
const ERRORS: Readonly<Record<number, object>> = {
  404: { message: 'no such model', type: 'invalid_request_error', code: 'model_not_found' },
  429: { message: 'too many requests', type: 'requests', code: 'rate_limit_exceeded' },
  500: { message: 'no', type: 'server_error', code: null },
}

/** Events of a stream after which model `endless` falls silent, and `severed` is cut off by the server. */
const EVENTS_UNTIL_SILENCE = 3

function sendEvents(answering: ServerResponse, events: readonly object[], named: boolean, model: string): void {
  const isStopped = model === 'endless' || model === 'severed'
  answering.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'req_1' })
  for (const event of isStopped ? events.slice(0, EVENTS_UNTIL_SILENCE) : events) {
    const name = named ? `event: ${(event as { type: string }).type}\n` : ''
    answering.write(`${name}data: ${JSON.stringify(event)}\n\n`)
  }
  if (model === 'severed') answering.write('', () => answering.destroy())
  if (isStopped) return
  if (!named) answering.write('data: [DONE]\n\n')
  answering.end()
}

function send(answering: ServerResponse, status: number, body: string): void {
  answering.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'req_1' }).end(body)
}

/** @param times how often the model was asked, with this one */
function answer(request: IncomingMessage, answering: ServerResponse, asked: Asked, times: number): void {
  const isChat = request.url === '/v1/chat/completions'
  const status = FAILURES[asked.model]
  if (status !== undefined && (asked.model !== 'flaky' || times % 2 === 1)) {
    return send(answering, status, JSON.stringify({ error: ERRORS[status] }))
  }
  if (asked.model === 'silent') return
  if (asked.model === 'garbled') return send(answering, 200, '{"id": "chatcmpl-1", ')
  if (asked.stream === true) {
    return sendEvents(answering, isChat ? completionChunks(asked) : responseEvents(asked), !isChat, asked.model)
  }
  send(answering, 200, JSON.stringify(isChat ? completion(asked) : response(asked)))
}

export async function startOpenAiServer(): Promise<OpenAiServer> {
  const times = new Map<string, number>()
  const bodies: string[] = []
  let cutOff = 0
  const server = createServer((request, answering) => {
    const chunks: Buffer[] = []
    request.on('data', (part: Buffer) => chunks.push(part))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      bodies.push(body)
      const asked = JSON.parse(body) as Asked
      times.set(asked.model, (times.get(asked.model) ?? 0) + 1)
      answer(request, answering, asked, times.get(asked.model) ?? 0)
    })
    answering.on('close', () => {
      if (!answering.writableFinished) cutOff += 1
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    port,
    cutOff: () => cutOff,
    bodies: () => bodies,
    close() {
      server.closeAllConnections()
      return new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())))
    },
  }
}
