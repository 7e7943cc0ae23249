import { expect, test } from 'vitest'
import { createLabelStudioClient, type ClientOptions, type LabelStudio } from '@groundtrace/label-studio'
import { LEGACY_TOKEN, stubFetch, URL_OF_STUB } from './stub-fetch.ts'

const given = { url: URL_OF_STUB, token: LEGACY_TOKEN }

test.each([
  ['no options', undefined],
  ['no url', { token: LEGACY_TOKEN }],
  ['an address that is none', { ...given, url: 'label studio' }],
  ['an address of files', { ...given, url: 'file:///etc' }],
  ['an address with an account', { ...given, url: 'http://a:b@label-studio.test' }],
  ['an address with a query', { ...given, url: 'http://label-studio.test?a=1' }],
  ['no token', { url: URL_OF_STUB }],
  ['a token with a line break', { ...given, token: `${LEGACY_TOKEN}\r\nx: y` }],
  ['a token with its word', { ...given, token: `Token ${LEGACY_TOKEN}` }],
  ['no time at all', { ...given, timeoutSeconds: 0 }],
  ['a time that is no number', { ...given, timeoutSeconds: Number.NaN }],
  ['a fetch that is none', { ...given, fetch: 'fetch' }],
])('a client with %s is refused, without its token', (_, options) => {
  const make = () => createLabelStudioClient(options as ClientOptions)
  expect(make).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
  expect(make).not.toThrow(LEGACY_TOKEN)
})

const ID = 0 as number
const NOTHING = undefined as unknown as never

const CALLS: Readonly<Record<string, (client: LabelStudio) => Promise<unknown>>> = {
  'a project 0': (client) => client.project(ID),
  'a task that is a text': (client) => client.task('7' as unknown as number),
  'a task between two': (client) => client.task(1.5),
  'tasks that are none': (client) => client.importTasks(7, NOTHING),
  'a task that is none': (client) => client.importTasks(7, [NOTHING]),
  'predictions that are none': (client) => client.importTasks(7, [{ data: {}, predictions: 'm' as unknown as [] }]),
  'data that go in circles': (client) => {
    const data: Record<string, unknown> = {}
    data['self'] = data
    return client.importTasks(7, [{ data }])
  },
  'a key that reaches elsewhere': (client) => client.tasksByData(7, 'a__b', ['x']),
  'a key with a dot': (client) => client.tasksByData(7, 'a.b', ['x']),
  'values that are none': (client) => client.tasksByData(7, 'key', NOTHING),
  'a time of another zone': (client) =>
    client.tasks(7, { touchedFrom: '2026-11-24T06:26:40+01:00' })[Symbol.asyncIterator]().next() as Promise<unknown>,
  'a content that is none': (client) => client.createAnnotation(7, NOTHING),
  'changes that are none': (client) => client.updateProject(7, NOTHING),
  'settings that are none': (client) => client.createProject(NOTHING),
  'a webhook that is none': (client) => client.createWebhook(7, NOTHING),
  'an ML backend that is none': (client) => client.createMlBackend(7, NOTHING),
}

test.each(Object.entries(CALLS))('%s is refused before anything is sent', async (_, call) => {
  const { fetch, requests } = stubFetch(() => [])
  await expect(call(createLabelStudioClient({ ...given, fetch }))).rejects.toMatchObject({ code: 'invalid-argument' })
  expect(requests).toEqual([])
})

test('an import of nothing asks for nothing', async () => {
  const { fetch, requests } = stubFetch(() => [])
  await expect(createLabelStudioClient({ ...given, fetch }).importTasks(7, [])).resolves.toEqual([])
  expect(requests).toEqual([])
})
