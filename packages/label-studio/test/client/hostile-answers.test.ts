import { createServer, type RequestListener } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { array, assert, asyncProperty, constant, constantFrom, dictionary, jsonValue, oneof } from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { createLabelStudioClient, LabelStudioError, type LabelStudio } from '@groundtrace/label-studio'
import { json, LEGACY_TOKEN, stubFetch, stubTask, URL_OF_STUB, type StubAnswer } from './stub-fetch.ts'

// Stubs of the server: a real one does not answer like this.
function stubbed(answer: StubAnswer): LabelStudio {
  return createLabelStudioClient({ url: URL_OF_STUB, token: LEGACY_TOKEN, fetch: stubFetch(answer).fetch })
}

async function all<T>(pages: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const items: T[] = []
  for await (const page of pages) items.push(...page)
  return items
}

const CALLS: Readonly<Record<string, (client: LabelStudio) => Promise<unknown>>> = {
  health: (client) => client.health(),
  version: (client) => client.version(),
  currentUser: (client) => client.currentUser(),
  users: (client) => client.users(),
  inviteLink: (client) => client.inviteLink(),
  projects: (client) => client.projects(),
  project: (client) => client.project(7),
  createProject: (client) => client.createProject({ title: 'A title' }),
  updateProject: (client) => client.updateProject(7, {}),
  importTasks: (client) => client.importTasks(7, [{ data: {} }]),
  tasksByData: (client) => client.tasksByData(7, 'key', ['a']),
  tasks: (client) => all(client.tasks(7)),
  taskIds: (client) => all(client.taskIds(7)),
  lastTouched: (client) => client.lastTouched(7),
  task: (client) => client.task(7),
  withdrawTask: (client) => client.withdrawTask(7),
  serveTask: (client) => client.serveTask(7),
  createPrediction: (client) => client.createPrediction(7, { result: [] }),
  annotations: (client) => client.annotations(7),
  createAnnotation: (client) => client.createAnnotation(7, { result: [] }),
  updateAnnotation: (client) => client.updateAnnotation(7, {}),
  webhooks: (client) => client.webhooks(7),
  createWebhook: (client) => client.createWebhook(7, { url: 'http://hook.test' }),
  updateWebhook: (client) => client.updateWebhook(7, {}),
  mlBackends: (client) => client.mlBackends(7),
  createMlBackend: (client) => client.createMlBackend(7, { url: 'http://ml.test', title: 'Ours' }),
}

test('every operation of the client is among those that are tried here', () => {
  expect(Object.keys(CALLS).sort()).toEqual(Object.keys(stubbed(() => [])).sort())
})

/** Names that answers have, so that what is made up gets past the first look. */
const names = constantFrom('id', 'tasks', 'total', 'results', 'count', 'next', 'task_ids', 'access', 'status', 'detail')
const anything = oneof(
  jsonValue({ maxDepth: 3 }),
  dictionary(names, oneof(jsonValue({ maxDepth: 2 }), array(constant(stubTask(1))))),
)

test.each(Object.entries(CALLS))(
  'whatever JSON is answered, %s gives a value or an error of the client',
  async (_, call) => {
    await assert(
      asyncProperty(anything, constantFrom(200, 201, 301, 400, 404, 418), async (body, status) => {
        const outcome: unknown = await call(stubbed(() => json(body, status))).catch((error: unknown) => error)
        expect(outcome instanceof Error && !LabelStudioError.isInstance(outcome)).toBe(false)
      }),
      { numRuns: 40 },
    )
  },
)

describe('a page of tasks is refused', () => {
  const CASES: Readonly<Record<string, unknown>> = {
    'whose IDs do not rise': { total: 9, tasks: [stubTask(2), stubTask(1)] },
    'with a task twice': { total: 9, tasks: [stubTask(1), stubTask(1)] },
    'of another project': { total: 1, tasks: [stubTask(1, 8)] },
    'without a number of all': { tasks: [stubTask(1)] },
    'whose task has no data': { total: 1, tasks: [{ ...stubTask(1), data: null }] },
    'whose task was touched at no time': { total: 1, tasks: [{ ...stubTask(1), updated_at: 'now' }] },
    'whose annotation has no result': { total: 1, tasks: [{ ...stubTask(1), annotations: [{ id: 1, task: 1 }] }] },
  }
  test.each(Object.entries(CASES))('%s', async (_, body) => {
    await expect(all(stubbed(() => body).tasks(7))).rejects.toMatchObject({ code: 'invalid-answer' })
  })
})

test('a server that gives the same page again and again does not keep the reader for ever', async () => {
  const client = stubbed(() => ({ total: 100, tasks: [stubTask(1), stubTask(2)] }))
  await expect(all(client.tasks(7))).rejects.toMatchObject({ code: 'invalid-answer' })
})

test('a server that knows no filter does not make tasks of others ours', async () => {
  const client = stubbed(() => ({ total: 1, tasks: [{ ...stubTask(1), data: { key: 'b' } }] }))
  await expect(client.tasksByData(7, 'key', ['a'])).resolves.toEqual([])
})

test.each([[[]], [[1, 2]], [[1.5]], [undefined]])(
  'an import of one task that is answered with the IDs %j may have been done',
  async (ids) => {
    const client = stubbed(() => ({ task_ids: ids }))
    await expect(client.importTasks(7, [{ data: {} }])).rejects.toMatchObject({
      code: 'invalid-answer',
      refused: false,
    })
  },
)

test('a task is not taken for deleted where something else answers in place of Label Studio', async () => {
  await expect(stubbed(() => json({ detail: 'No Task matches the given query.' }, 404)).task(7)).resolves.toBe(
    undefined,
  )
  await expect(stubbed(() => new Response('<html>', { status: 404 })).task(7)).rejects.toMatchObject({
    status: 404,
    message: expect.stringContaining('Check the address'),
  })
})

test('what an import is refused for is told without the data of its tasks', async () => {
  const detail = 'Error at item 0: "text" key is expected in task data :: {"mail": "private"}'
  const client = stubbed(() => json({ detail: 'Validation error', validation_errors: [detail] }, 400))
  const told = await client.importTasks(7, [{ data: {} }]).catch(String)
  expect(told).toContain('key is expected')
  expect(told).not.toContain('private')
})

test('what the server says is one line, which no terminal obeys, and holds no token', async () => {
  const access = 'eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3MDB9.c2lnbmF0dXJl'
  const refresh = 'eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE5MDB9.c2lnbmF0dXJlMg'
  const echo = `\u001b[2J\u0007forged\r\nline ${'x'.repeat(430)} ${refresh} Bearer ${access}\u202e`
  const { fetch } = stubFetch(({ url }) =>
    url.endsWith('/api/token/refresh/') ? { access } : json({ detail: echo }, 400),
  )
  const client = createLabelStudioClient({ url: URL_OF_STUB, token: refresh, fetch })
  const told = await client.project(7).catch(String)
  expect(told).toContain('forged line')
  expect(told).not.toMatch(/\p{Cc}|\p{Cf}|eyJ/u)
})

test('an answer longer than 64 MiB is not read to its end', async () => {
  const chunk = new Uint8Array(1024 * 1024)
  let chunks = 0
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      chunks += 1
      controller.enqueue(chunk)
    },
  })
  await expect(stubbed(() => new Response(endless)).version()).rejects.toMatchObject({ code: 'invalid-answer' })
  expect(chunks).toBeLessThan(70)
})

describe('over a real connection', () => {
  const closing: (() => Promise<void>)[] = []

  afterEach(async () => {
    for (const close of closing.splice(0)) await close()
  })

  async function served(listener: RequestListener): Promise<string> {
    const server = createServer(listener)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    closing.push(async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    })
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  test.each<[string, RequestListener]>([
    ['nothing', () => undefined],
    ['half of it', (_, response) => response.write('{"release":')],
  ])('a server that answers %s is waited for no longer than told', async (_, listener) => {
    const client = createLabelStudioClient({ url: await served(listener), token: LEGACY_TOKEN, timeoutSeconds: 0.2 })
    await expect(client.version()).rejects.toMatchObject({ code: 'timeout', refused: false })
  })

  test('a redirection is not followed: the token would go along', async () => {
    const paths: (string | undefined)[] = []
    const url = await served((request, response) => {
      paths.push(request.url)
      response.writeHead(302, { location: '/login' }).end()
    })
    const client = createLabelStudioClient({ url, token: LEGACY_TOKEN })
    await expect(client.users()).rejects.toMatchObject({ code: 'invalid-answer', status: 302 })
    expect(paths).toEqual(['/api/users/'])
  })

  test('a server behind a path is asked below that path', async () => {
    const paths: (string | undefined)[] = []
    const url = await served((request, response) => {
      paths.push(request.url)
      response.end('[]')
    })
    await createLabelStudioClient({ url: `${url}/label/`, token: LEGACY_TOKEN }).users()
    expect(paths).toEqual(['/label/api/users/'])
  })
})
