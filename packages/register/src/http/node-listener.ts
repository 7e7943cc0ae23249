import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

/** Longest that a body which nobody wants is still taken, so that its sender gets to read why. */
const LINGER_MS = 2000

/** Methods that carry no body. */
const BODILESS: ReadonlySet<string> = new Set(['GET', 'HEAD'])

/** The body as it comes. When nobody reads on, the connection stays: the answer has to go somewhere. */
function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  const chunks = incoming.iterator({ destroyOnReturn: false })
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next()
        if (done === true) controller.close()
        else controller.enqueue(value as Uint8Array)
      },
      async cancel() {
        await chunks.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}

function requestOf(incoming: IncomingMessage): Request {
  const { method = 'GET', rawHeaders } = incoming
  const headers = new Headers()
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '')
  }
  // What host the client named is of no use to a handler, and may be anything.
  const url = new URL(`http://localhost${incoming.url ?? '/'}`)
  const body = BODILESS.has(method) ? {} : { body: bodyOf(incoming), duplex: 'half' as const }
  return new Request(url, { method, headers, ...body })
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
  outgoing.writeHead(response.status, [
    ...[...response.headers].flat(),
    'content-length',
    String(body.length),
    ...(isWhole ? [] : ['connection', 'close']),
  ])
  if (incoming.method !== 'HEAD') outgoing.write(body)
  if (!isWhole) await drained(incoming)
  outgoing.end()
}

/**
 * A fetch-standard handler as a listener for `node:http`: `createServer(nodeListener(handle))`. A handler that rejects, and a
 * request that none can be made of, are answered 500 and 400 with nothing in them.
 */
export function nodeListener(handle: (request: Request) => Promise<Response>): RequestListener {
  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    let request: Request
    try {
      request = requestOf(incoming)
    } catch {
      return await send(new Response(undefined, { status: 400 }), incoming, outgoing)
    }
    const response = await handle(request).catch(() => new Response(undefined, { status: 500 }))
    await send(response, incoming, outgoing)
  }
  return (incoming, outgoing) => {
    // A client that has gone can't be answered.
    answer(incoming, outgoing).catch(() => outgoing.destroy())
  }
}
