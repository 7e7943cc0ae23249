import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { nodeListener } from '@groundtrace/register/http'
import { expect, test } from 'vitest'
import { fetchRequest } from '../../src/serve/fetch-request.ts'

async function served<T>(
  handle: (request: ReturnType<typeof fetchRequest>) => Promise<Response>,
  ask: (url: string) => Promise<T>,
): Promise<T> {
  const server = createServer(nodeListener((request) => handle(fetchRequest(request))))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    return await ask(`http://127.0.0.1:${(server.address() as AddressInfo).port}/path`)
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

test('a handler reads method, path, headers and the whole body', async () => {
  const body = 'words '.repeat(100_000)
  const answer = await served(
    async ({ method, url, headers, body: stream }) => {
      const text = await new Response(stream).text()
      return Response.json([method, new URL(url).pathname, headers.get('X-Secret'), text === body])
    },
    async (url) => await (await fetch(url, { method: 'POST', headers: { 'x-secret': 'of ours' }, body })).json(),
  )
  expect(answer).toEqual(['POST', '/path', 'of ours', true])
})

test('a handler that has read enough stops, and its answer arrives', async () => {
  const answer = await served(
    async ({ body }) => {
      for await (const chunk of body ?? []) return new Response(null, { status: chunk.length > 0 ? 413 : 500 })
      return new Response(null, { status: 500 })
    },
    async (url) => (await fetch(url, { method: 'POST', body: 'x'.repeat(1_000_000) })).status,
  )
  expect(answer).toBe(413)
})

test('a request without a body has none', async () => {
  expect(fetchRequest(new Request('http://localhost/')).body).toBe(null)
})
