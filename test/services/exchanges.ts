import type { Exchange } from './openapi-faults.ts'

export interface Recorder {
  readonly fetch: (request: Request) => Promise<Response>
  readonly exchanges: Exchange[]
}

async function bodyOf(message: Request | Response): Promise<unknown> {
  const text = await message.clone().text()
  return text === '' ? undefined : (JSON.parse(text) as unknown)
}

/** A `fetch` that keeps what was sent and what came, both as JSON. */
export function recorder(): Recorder {
  const exchanges: Exchange[] = []
  return {
    exchanges,
    async fetch(request) {
      const sent = await bodyOf(request)
      const response = await fetch(request)
      const { pathname: path } = new URL(request.url)
      const came = await bodyOf(response)
      exchanges.push({ method: request.method.toLowerCase(), path, sent, status: response.status, came })
      return response
    },
  }
}
