import { expect, test } from 'vitest'
import { routed } from '../../src/serve/routes.ts'

const errors: unknown[] = []
const handle = routed(
  [
    { path: '/a', methods: ['GET'], handle: async () => new Response('a') },
    { path: '/b', handle: async (request) => new Response(request.method) },
    { path: '/c', handle: () => Promise.reject(new Error('the secret reason')) },
  ],
  (error) => errors.push(error),
)
const ask = async (path: string, method = 'GET'): Promise<Response> =>
  await handle(new Request(`http://localhost${path}`, { method }))

test('hands a request to what stands at its path, whatever the query', async () => {
  expect(await (await ask('/a?b=c')).text()).toBe('a')
  expect(await (await ask('/b', 'DELETE')).text()).toBe('DELETE')
})

test.each(['/', '/a/', '/A', '/a/b', '/__proto__', '/constructor'])('%s stands nowhere', async (path) => {
  const response = await ask(path)
  expect([response.status, response.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
  expect(await response.json()).toMatchObject({ status: 404, detail: expect.stringContaining('/a, /b, /c') as string })
})

test('a method that a path does not take is refused with those that it does', async () => {
  const response = await ask('/a', 'POST')
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET'])
})

test('what a handler throws is told here, and not to the client', async () => {
  const response = await ask('/c')
  expect(response.status).toBe(500)
  expect(await response.text()).not.toContain('secret')
  expect(errors).toEqual([new Error('the secret reason')])
})
