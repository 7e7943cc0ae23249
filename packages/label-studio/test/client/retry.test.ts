import { expect, test } from 'vitest'
import { createLabelStudioClient, LabelStudioError } from '@groundtrace/label-studio'
import { json, LEGACY_TOKEN, stubFetch, URL_OF_STUB, type StubAnswer } from './stub-fetch.ts'

// A stub of the server: a real one does not fail at the wanted moment for the wanted reason.
function stubbed(answer: StubAnswer) {
  const stub = stubFetch(answer)
  return { ...stub, client: createLabelStudioClient({ url: URL_OF_STUB, token: LEGACY_TOKEN, fetch: stub.fetch }) }
}

const refusedConnection = (): Error =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }) })

test.each([500, 502, 503, 504])(
  'a read that is answered with %i is tried again, and its answer taken',
  async (status) => {
    const { client, requests } = stubbed((_, count) => (count === 1 ? json({}, status) : []))
    await expect(client.users()).resolves.toEqual([])
    expect(requests).toHaveLength(2)
  },
)

test('a read whose connection fails is tried three times, and then told of with the reason', async () => {
  const { client, requests } = stubbed(refusedConnection)
  await expect(client.users()).rejects.toMatchObject({
    code: 'unavailable',
    refused: false,
    message: expect.stringContaining('ECONNREFUSED') as unknown,
  })
  expect(requests).toHaveLength(3)
})

test.each([400, 403, 404, 429])('a read that is answered with %i is not tried again', async (status) => {
  const { client, requests } = stubbed(() => json({ detail: 'No' }, status))
  await expect(client.users()).rejects.toMatchObject({ status, refused: status !== 429 })
  expect(requests).toHaveLength(1)
})

const WRITES = {
  'an import': (client) => client.importTasks(7, [{ data: {} }]),
  'a new project': (client) => client.createProject({ title: 'A title' }),
  'a change of a project': (client) => client.updateProject(7, {}),
  'a withdrawal of a task': (client) => client.withdrawTask(7),
  'a return of a task': (client) => client.serveTask(7),
  'an annotation': (client) => client.createAnnotation(7, { result: [] }),
  'a change of an annotation': (client) => client.updateAnnotation(7, {}),
  'a prediction': (client) => client.createPrediction(7, { result: [] }),
  'a webhook': (client) => client.createWebhook(7, { url: 'http://hook.test' }),
  'an ML backend': (client) => client.createMlBackend(7, { url: 'http://ml.test', title: 'Ours' }),
} satisfies Record<string, (client: ReturnType<typeof createLabelStudioClient>) => Promise<unknown>>

test.each(Object.entries(WRITES))('%s is sent once, and never again, whatever happens to it', async (_, write) => {
  for (const answer of [refusedConnection, () => json({}, 503)]) {
    const { client, requests } = stubbed(answer)
    await expect(write(client)).rejects.toMatchObject({ code: 'unavailable', refused: false })
    expect(requests).toHaveLength(1)
  }
})

test('an error is known as one of the client, whichever copy of it made it', async () => {
  const { client } = stubbed(() => json({ detail: 'No' }, 403))
  const error = await client.users().catch((thrown: unknown) => thrown)
  expect(LabelStudioError.isInstance(error)).toBe(true)
  expect(LabelStudioError.isInstance(new Error('other'))).toBe(false)
})
