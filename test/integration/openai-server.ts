import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a request to the server asks for; the name of the model says what becomes of it. */
interface Asked {
  readonly model: string
  readonly stream?: boolean
  readonly stream_options?: { readonly include_usage?: boolean }
}

/** A server on a free port of this machine that speaks the protocol of OpenAI: chat completions and responses. */
export interface OpenAiServer {
  /** As the client takes it: with `/v1`. */
  readonly url: string
  readonly port: number
  /** How many requests were cut off by the client before they were answered in full. */
  readonly cutOff: () => number
  readonly close: () => Promise<void>
}

const WORDS = ['Hello', ' from', ' the', ' server']
const TEXT = WORDS.join('')
const COMPLETION = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'gpt-test-2024-07-18',
  service_tier: 'default',
  system_fingerprint: 'fp_1',
  choices: [{ index: 0, message: { role: 'assistant', content: TEXT, refusal: null }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 7, completion_tokens: 4, total_tokens: 11 },
}
const RESPONSE = {
  id: 'resp_1',
  object: 'response',
  created_at: 1_700_000_000,
  status: 'completed',
  error: null,
  incomplete_details: null,
  model: 'gpt-test-2024-07-18',
  service_tier: 'default',
  output: [
    {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: TEXT, annotations: [] }],
    },
  ],
  usage: { input_tokens: 7, output_tokens: 4, total_tokens: 11 },
}
const FAILED = { ...RESPONSE, status: 'failed', error: { code: 'server_error', message: 'no' }, output: [] }

const chunk = (delta: object, finish: string | null): object => {
  const { choices: _, usage: __, ...rest } = COMPLETION
  return { ...rest, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] }
}

function completionChunks({ stream_options }: Asked): readonly object[] {
  return [
    chunk({ role: 'assistant', content: '' }, null),
    ...WORDS.map((content) => chunk({ content }, null)),
    chunk({}, 'stop'),
    ...(stream_options?.include_usage === true ? [{ ...chunk({}, null), choices: [], usage: COMPLETION.usage }] : []),
  ]
}

function responseEvents({ model }: Asked): readonly object[] {
  const { output: _, usage: __, ...begun } = RESPONSE
  const last =
    model === 'failing'
      ? { type: 'response.failed', response: FAILED }
      : { type: 'response.completed', response: RESPONSE }
  return [
    { type: 'response.created', response: { ...begun, status: 'in_progress', output: [] } },
    ...(model === 'failing'
      ? []
      : WORDS.map((delta) => ({
          type: 'response.output_text.delta',
          item_id: 'msg_1',
          output_index: 0,
          content_index: 0,
          delta,
        }))),
    last,
  ].map((event, sequence_number) => ({ ...event, sequence_number }))
}

/** @param pause sends no more after this many events, and leaves the request open */
function sendEvents(response: ServerResponse, events: readonly object[], named: boolean, pause: number): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'req_1' })
  for (const event of events.slice(0, pause)) {
    const name = named ? `event: ${(event as { type: string }).type}\n` : ''
    response.write(`${name}data: ${JSON.stringify(event)}\n\n`)
  }
  if (pause < events.length) return
  if (!named) response.write('data: [DONE]\n\n')
  response.end()
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'req_1' }).end(JSON.stringify(body))
}

function answer(request: IncomingMessage, response: ServerResponse, asked: Asked): void {
  const isChat = request.url === '/v1/chat/completions'
  if (asked.model === 'missing') {
    return sendJson(response, 404, {
      error: { message: 'no such model', type: 'invalid_request_error', code: 'model_not_found' },
    })
  }
  if (asked.model === 'silent') return
  const pause = asked.model === 'endless' ? 3 : Number.POSITIVE_INFINITY
  if (asked.stream === true) {
    const events = isChat ? completionChunks(asked) : responseEvents(asked)
    return sendEvents(response, events, !isChat, pause)
  }
  if (isChat) return sendJson(response, 200, COMPLETION)
  sendJson(response, 200, asked.model === 'failing' ? FAILED : RESPONSE)
}

export async function startOpenAiServer(): Promise<OpenAiServer> {
  let cutOff = 0
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (part: Buffer) => chunks.push(part))
    request.on('end', () => answer(request, response, JSON.parse(Buffer.concat(chunks).toString('utf8')) as Asked))
    response.on('close', () => {
      if (!response.writableFinished) cutOff += 1
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    port,
    cutOff: () => cutOff,
    close() {
      server.closeAllConnections()
      return new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())))
    },
  }
}
