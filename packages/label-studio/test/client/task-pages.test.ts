import createClient from 'openapi-fetch'
import { expect, test } from 'vitest'
import { answers } from '../../src/client/answer.ts'
import { readTaskOf, readUnreadTaskOf } from '../../src/client/read-task.ts'
import { boundedSend } from '../../src/client/send.ts'
import { taskPages } from '../../src/client/task-pages.ts'
import type { StoredTask } from '../../src/client/task.ts'
import type { paths } from '../../src/generated/openapi.ts'
import { json, stubFetch, stubTask, URL_OF_STUB, type StubAnswer } from './stub-fetch.ts'

/** All tasks, without the second tries that the client makes. */
async function read(answer: StubAnswer): Promise<readonly StoredTask[]> {
  const { fetch } = stubFetch(answer)
  const api = createClient<paths>({ baseUrl: URL_OF_STUB, fetch: boundedSend(fetch, 60) })
  const { required } = answers((text) => text)
  const tasks: StoredTask[] = []
  const query = { project: 7, filters: [], include: 'id,data,annotations', pageSize: 100, read: readTaskOf(7) }
  const lesser = { include: 'id,data', read: readUnreadTaskOf(7) }
  for await (const page of taskPages({ api, required }, { ...query, lesser })) tasks.push(...page)
  return tasks
}

const upTo = (last: number): readonly number[] => Array.from({ length: last }, (_, index) => index + 1)

/** A server with so many tasks. @param failure what keeps a page from being shown */
function withTasks(
  count: number,
  failure: (ids: readonly number[], include: readonly string[]) => unknown,
): StubAnswer {
  return ({ url }) => {
    const search = new URL(url).searchParams
    const { filters } = JSON.parse(search.get('query') ?? '') as { filters: { items: [{ value: number }] } }
    const left = upTo(count).filter((id) => id > filters.items[0].value)
    const shown = left.slice(0, Number(search.get('page_size')))
    const failed = failure(shown, search.get('include')?.split(',') ?? [])
    return failed ?? { total: left.length, tasks: shown.map((id) => stubTask(id)) }
  }
}

test('a task that the server can not show keeps no other from being read', async () => {
  // One with an annotation that breaks the page, one with data that does, and one that is too long.
  const [annotated, broken, long] = [137, 155, 250]
  const tasks = await read(
    withTasks(250, (shown, include) => {
      if (include.includes('data') && shown.includes(broken)) return json({ detail: 'broken' }, 500)
      if (!include.includes('annotations')) return undefined
      if (shown.includes(annotated)) return json({ detail: 'broken' }, 500)
      return shown.includes(long) ? new Response('x'.repeat(65 * 1024 * 1024)) : undefined
    }),
  )
  expect(tasks.map(({ id }) => id)).toEqual(upTo(250).filter((id) => id !== broken))
  expect(tasks.filter(({ unread }) => unread).map(({ id }) => id)).toEqual([annotated, long])
})

test('a server that is broken is not taken for one with broken tasks', async () => {
  await expect(read(() => json({ detail: 'broken' }, 500))).rejects.toMatchObject({ code: 'server-error' })
})

test('what is no page of Label Studio is not asked for in smaller ones', async () => {
  let asked = 0
  const page = read(() => {
    asked += 1
    return new Response('<html>')
  })
  await expect(page).rejects.toMatchObject({ code: 'invalid-answer' })
  expect(asked).toBe(1)
})
