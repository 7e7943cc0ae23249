import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { startServe } from '../services/serve-process.ts'

const work = mkdtempSync(join(tmpdir(), 'groundtrace-readme-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

const readme = readFileSync(join(import.meta.dirname, '../../packages/groundtrace/README.md'), 'utf8')

interface Shown {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What curl would send, its shell's clock read. */
const requests: readonly Shown[] = [...readme.matchAll(/^curl localhost:4318(\S+)(.*) -d '([\s\S]*?)'$/gm)].map(
  ([, path = '', options = '', body = '']) => ({
    path,
    headers: Object.fromEntries(
      [...options.matchAll(/-H '([^:]+): ([^']+)'/g)].map(([, name, value]) => [name, value]),
    ),
    body: body.replace(`'$(date +%s)'`, `${Math.floor(Date.now() / 1000)}`),
  }),
)

test('the server takes the tasks and the requests that its page shows, and answers as it says', async () => {
  const tasks = join(work, 'tasks.json')
  writeFileSync(tasks, /^echo '(.*)' > tasks\.json$/m.exec(readme)?.[1] ?? '')
  const serving = await startServe(['--register', join(work, 'register.db'), '--tasks', tasks])
  const answers: unknown[] = []
  for (const { path, headers, body } of requests) {
    const answer = await fetch(serving.url + path, { method: 'POST', headers, body })
    answers.push([path, answer.status, await answer.json()])
  }
  await serving.kill('SIGTERM')
  expect(answers).toEqual([
    ['/v1/logs', 200, {}],
    ['/v1/feedback', 200, { id: expect.stringMatching(/^[0-9a-f]{32}-[0-9a-f]{16}$/), status: 'stored' }],
  ])
})
