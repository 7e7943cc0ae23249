import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineTask, type Prediction } from '@groundtrace/core'
import { openOutbox } from '@groundtrace/label-studio'
import { openSqliteRegister } from '@groundtrace/register'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCommandLine } from '../../packages/groundtrace/test/run-command-line.ts'
import { hasLabelStudio, startLabelStudio, type LabelStudioServer } from '../services/label-studio.ts'
import { startServe } from '../services/serve-process.ts'
import { until } from '../services/until.ts'
import { idOf, resultOf, type ApiTask } from './label-studio-world.ts'

const root = join(import.meta.dirname, '../..')
const plan = join(root, 'docs/annotation/plan.yaml')

const spam = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'] })

const prediction = (number: number): Prediction => ({
  id: idOf(number),
  task: spam,
  model: { name: 'filter', version: '1' },
  time: Date.now(),
  value: number % 2 === 0 ? 'ham' : 'spam',
  scores: { ham: number / 60, spam: 1 - number / 60 },
  features: { subject: `subject ${number}`, text: `text ${number}`, ...(number % 6 === 0 && { iban: 'DE…' }) },
})

const skips = !hasLabelStudio && process.env['CI'] !== 'true'

describe.skipIf(skips)('the commands for Label Studio', () => {
  let server: LabelStudioServer
  let folder: string
  let environment: Record<string, string>

  beforeAll(async () => {
    server = await startLabelStudio()
    folder = mkdtempSync(join(tmpdir(), 'groundtrace-label-studio-command-'))
    environment = {
      PATH: process.env['PATH'] ?? '',
      GROUNDTRACE_REGISTER: join(folder, 'register.db'),
      GROUNDTRACE_OUTBOX: join(folder, 'outbox.db'),
      GROUNDTRACE_SECRET: 'who is drawn depends on it',
      GROUNDTRACE_WEBHOOK_SECRET: 'secret-of-the-webhook',
      LABEL_STUDIO_URL: server.url,
      LABEL_STUDIO_API_KEY: server.admin.token,
    }
    const register = openSqliteRegister({ path: join(folder, 'register.db'), tasks: [spam], thread: 'caller' })
    await register.appendPredictions(Array.from({ length: 60 }, (_, number) => prediction(number)))
    await register.close()
  }, 300_000)
  afterAll(async () => {
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const run = (...words: readonly string[]) => runCommandLine(['label-studio', ...words], environment)

  async function projectOf(title: string): Promise<number> {
    const { results } = await server.api<{ results: { id: number; title: string }[] }>('/api/projects/?page_size=100')
    return results.find((project) => project.title === title)?.id ?? 0
  }

  async function tasksOf(project: number): Promise<readonly ApiTask[]> {
    const { tasks } = await server.api<{ tasks: ApiTask[] }>(
      `/api/tasks?project=${project}&fields=all&page=1&page_size=100`,
    )
    return tasks
  }

  test('apply shows what it would do, does it, and then has nothing to do', async () => {
    const dry = await run('apply', plan, '--dry-run')
    expect([dry.error, dry.code, dry.out]).toEqual(['', 0, expect.stringContaining('changes to make.')])
    expect(await projectOf('Spam, crowd')).toBe(0)
    expect(await run('sync', plan, '--once')).toMatchObject({
      code: 1,
      error: expect.stringContaining('The server has no project spam-crowd'),
    })
    const asked: string[] = []
    const no = await runCommandLine(['label-studio', 'apply', plan], environment, (question) => {
      asked.push(question)
      return Promise.resolve(false)
    })
    expect([no.code, no.out, asked.length]).toEqual([1, expect.stringMatching(/Nothing was changed\.$/), 1])
    expect(await projectOf('Spam, crowd')).toBe(0)
    expect(await run('apply', plan)).toMatchObject({ code: 0 })
    expect(await run('apply', plan)).toMatchObject({ code: 0, out: '0 changes made.' })
  }, 60_000)

  test('sync picks and sends once, keeps what is private from the crowd, and tells nobody whose it is', async () => {
    const first = JSON.parse((await run('sync', plan, '--once', '--json')).out) as Record<string, number>
    expect(first).toMatchObject({ picked: 60, sent: 60, failed: [] })
    expect(await run('sync', plan, '--once')).toMatchObject({ code: 0, out: 'Nothing to do.' })
    const [crowd, expert] = [
      await tasksOf(await projectOf('Spam, crowd')),
      await tasksOf(await projectOf('Spam, experts')),
    ]
    expect([crowd.length, expert.length]).toEqual([50, 10])
    const sent = JSON.stringify([crowd, expert])
    expect(sent).not.toContain('DE…')
    for (let number = 0; number < 60; number += 1) expect(sent).not.toContain(idOf(number))
    const { out } = await run('status')
    expect(out).toMatch(/spam-crowd +seen +random +25/)
  }, 60_000)

  test('answers become truth in the register, by serve and a webhook', async () => {
    const people = [await server.signUp('cat'), await server.signUp('dan'), await server.signUp('eve')]
    const [crowd] = await tasksOf(await projectOf('Spam, crowd'))
    // The hour of the plan has not passed, so nothing is picked; the webhook of the plan points elsewhere and is called here.
    const serve = await startServe(['--label-studio', plan], environment)
    try {
      for (const { token } of people) {
        const body = { result: resultOf('spam') }
        await server.api(`/api/tasks/${crowd?.id}/annotations/`, { method: 'POST', body, token })
      }
      const answer = await fetch(`${serve.url}/label-studio/webhook`, {
        method: 'POST',
        headers: { 'x-groundtrace-secret': 'secret-of-the-webhook' },
        body: JSON.stringify({ action: 'ANNOTATION_CREATED', project: { id: await projectOf('Spam, crowd') } }),
      })
      expect(answer.status).toBe(204)
      const metrics = await until(async () => {
        const text = await (await fetch(`${serve.url}/metrics`)).text()
        return /^groundtrace_annotation_feedback\{delivery="stored"\} 1$/m.test(text) ? text : undefined
      }, 'the truth is in the register')
      expect(metrics).toContain('groundtrace_annotation_answers{answer="given"} 3')
      expect(await run('sync', plan, '--once')).toMatchObject({
        code: 1,
        error: expect.stringContaining('is written by another process'),
      })
    } finally {
      expect(await serve.kill('SIGTERM')).toBe(0)
    }
    const outbox = openOutbox({ path: join(folder, 'outbox.db'), readOnly: true })
    const unit = outbox.units.byKey(crowd?.data.groundtrace_key ?? '')
    outbox.close()
    const register = openSqliteRegister({ path: join(folder, 'register.db'), readOnly: true, thread: 'caller' })
    const [said] = unit === undefined ? [] : await register.feedbackOn(unit.prediction)
    await register.close()
    expect(said).toMatchObject({ status: 'stored', feedback: { kind: 'annotation', label: 'spam', by: 'crowd' } })
  }, 120_000)
})
