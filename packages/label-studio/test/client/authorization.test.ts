import { expect, test } from 'vitest'
import { createLabelStudioClient } from '@groundtrace/label-studio'
import { json, LEGACY_TOKEN, stubFetch, URL_OF_STUB, type StubAnswer } from './stub-fetch.ts'

// A stub of the server: a real one can't be made to let a token end early, or to renew it late.

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const jwt = (payload: unknown): string => `${part({ alg: 'none' })}.${part(payload)}.c2ln`
const PERSONAL_TOKEN = jwt({ token_type: 'refresh' })

const isRefresh = ({ url }: Request): boolean => url.endsWith('/api/token/refresh/')

function personal(answer: StubAnswer, now?: () => number) {
  const stub = stubFetch(answer)
  const options = { url: URL_OF_STUB, token: PERSONAL_TOKEN, fetch: stub.fetch }
  return { ...stub, client: createLabelStudioClient(now === undefined ? options : { ...options, now }) }
}

test('a legacy token stands in the header as it is', async () => {
  const { fetch, requests } = stubFetch(() => [])
  await createLabelStudioClient({ url: URL_OF_STUB, token: LEGACY_TOKEN, fetch }).users()
  expect(requests.map(({ headers }) => headers.get('authorization'))).toEqual([`Token ${LEGACY_TOKEN}`])
})

test('many requests at once wait for one access token', async () => {
  const access = jwt({ iat: 1000, exp: 1300 })
  const { client, requests } = personal((request) => (isRefresh(request) ? { access } : []))
  await Promise.all(Array.from({ length: 20 }, () => client.users()))
  const [refreshes, others] = [requests.filter(isRefresh), requests.filter((request) => !isRefresh(request))]
  expect(refreshes).toHaveLength(1)
  await expect(refreshes[0]?.json()).resolves.toEqual({ refresh: PERSONAL_TOKEN })
  expect(refreshes[0]?.headers.has('authorization')).toBe(false)
  expect(new Set(others.map(({ headers }) => headers.get('authorization')))).toEqual(new Set([`Bearer ${access}`]))
})

test.each([
  ['its own words', { iat: 5000, exp: 5100 }, 100],
  ['nobody', {}, 300],
])('an access token whose life is told by %s is renewed ahead of its end', async (_, payload, life) => {
  let now = 0
  const { client, requests } = personal(
    (request) => (isRefresh(request) ? { access: jwt(payload) } : []),
    () => now,
  )
  const refreshesAt = async (seconds: number): Promise<number> => {
    now = seconds * 1000
    await client.users()
    return requests.filter(isRefresh).length
  }
  await expect(refreshesAt(0)).resolves.toBe(1)
  await expect(refreshesAt(life / 2)).resolves.toBe(1)
  await expect(refreshesAt(life - 1)).resolves.toBe(2)
})

test('an access token that is not taken any more is renewed once, and the request sent again, also a write', async () => {
  let count = 0
  const { client, requests } = personal((request) => {
    if (isRefresh(request)) return { access: jwt({ number: (count += 1) }) }
    return request.headers.get('authorization') === `Bearer ${jwt({ number: 1 })}`
      ? json({ detail: 'Given token not valid' }, 401)
      : { task_ids: [1] }
  })
  await expect(client.importTasks(7, [{ data: { text: 'a' } }])).resolves.toEqual([1])
  const sent = requests.filter((request) => !isRefresh(request))
  await expect(Promise.all(sent.map((request) => request.json()))).resolves.toEqual([
    [{ data: { text: 'a' }, predictions: [] }],
    [{ data: { text: 'a' }, predictions: [] }],
  ])
})

test('a server that takes no token at all is asked twice and no more', async () => {
  const { client, requests } = personal((request) =>
    isRefresh(request) ? { access: jwt({}) } : json({ detail: 'No' }, 401),
  )
  await expect(client.users()).rejects.toMatchObject({ code: 'unauthorized', status: 401, refused: true })
  expect(requests.filter((request) => !isRefresh(request))).toHaveLength(2)
})

test('after a renewal that failed the next request tries one of its own', async () => {
  let isDown = true
  const { client } = personal((request) => {
    if (!isRefresh(request)) return []
    return isDown ? json({ detail: 'Token is blacklisted' }, 401) : { access: jwt({}) }
  })
  await expect(client.users()).rejects.toMatchObject({ code: 'unauthorized' })
  isDown = false
  await expect(client.users()).resolves.toEqual([])
})

test.each([LEGACY_TOKEN, PERSONAL_TOKEN])(
  'no token shows in an error, although the server repeats it: %#',
  async (token) => {
    const { fetch } = stubFetch(() => json({ detail: `I don't like ${token}` }, 400))
    const error: unknown = await createLabelStudioClient({ url: URL_OF_STUB, token, fetch })
      .users()
      .catch((thrown: unknown) => thrown)
    expect(String(error)).toContain("I don't like [token]")
  },
)
