import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { BodySource, HttpRequest } from './http-request.ts'

/** Longest that a body which nobody wants is still taken, so that its sender gets to read why. */
const LINGER_MS = 2000

/**
 * Requests that one connection may send ahead of their answers. Hardly anybody sends any; who sends thousands and reads no
 * answer would fill the memory with answers.
 */
const MOST_AHEAD = 16

/** The body as it comes. When nobody reads on, the connection stays: the answer has to go somewhere. */
function bodyOf(incoming: IncomingMessage): BodySource {
  return {
    read(sink) {
      let wanted = true
      incoming.on('data', (bytes: Uint8Array) => wanted && sink.chunk(bytes))
      incoming.once('end', () => wanted && sink.end())
      incoming.once('error', (error) => wanted && sink.error(error))
      return () => {
        wanted = false
        if (!incoming.complete) incoming.pause()
      }
    },
  }
}

function requestOf(incoming: IncomingMessage): HttpRequest {
  const { method = 'GET', headers } = incoming
  return {
    method,
    // What host the client named is of no use to a handler, and may be anything.
    url: `http://localhost${incoming.url ?? '/'}`,
    headers: {
      get(name) {
        const value = headers[name.toLowerCase()]
        return (Array.isArray(value) ? value.join(', ') : value) ?? null
      },
    },
    body: bodyOf(incoming),
    bodyUsed: incoming.readableDidRead,
  }
}

/** Until the sender has sent all, or for a while. */
async function drained(incoming: IncomingMessage): Promise<void> {
  await new Promise<void>((resolve) => {
    const clock = setTimeout(resolve, LINGER_MS)
    const enough = (): void => {
      clearTimeout(clock)
      resolve()
    }
    incoming.once('end', enough).once('close', enough).resume()
  })
}

async function send(response: Response, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer())
  const isWhole = incoming.complete
  const framing = ['content-length', String(body.length), ...(isWhole ? [] : ['connection', 'close'])]
  outgoing.writeHead(response.status, [...[...response.headers].flat(), ...framing])
  const shown = incoming.method === 'HEAD' ? undefined : body
  if (isWhole) {
    outgoing.end(shown)
    return
  }
  outgoing.write(shown ?? '')
  await drained(incoming)
  outgoing.end()
}

/**
 * A handler as a listener for `node:http`: `createServer(nodeListener(receiver.logs))`. It gets no whole fetch-standard request
 * but the few fields of `HttpRequest`: to make one would cost as much as to store a feedback. A handler that rejects, and a
 * request whose target is none, are answered 500 and 400 with nothing in them. A connection that sends more than 16 requests
 * ahead of their answers is closed.
 */
export function nodeListener(handle: (request: HttpRequest) => Promise<Response>): RequestListener {
  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const request = requestOf(incoming)
    const response = URL.canParse(request.url)
      ? await handle(request).catch(() => new Response(undefined, { status: 500 }))
      : new Response(undefined, { status: 400 })
    await send(response, incoming, outgoing)
  }
  const unanswered = new WeakMap<Socket, number>()

  /** Whether the connection may have another request answered; it is closed when it may not. */
  function mayGoOn(socket: Socket, outgoing: ServerResponse): boolean {
    const ahead = (unanswered.get(socket) ?? 0) + 1
    if (ahead > MOST_AHEAD) socket.destroy()
    if (socket.destroyed) return false
    unanswered.set(socket, ahead)
    outgoing.once('close', () => unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1))
    return true
  }

  return (incoming, outgoing) => {
    if (!mayGoOn(incoming.socket, outgoing)) return
    // A client that has gone can't be answered.
    answer(incoming, outgoing).catch(() => outgoing.destroy())
  }
}
