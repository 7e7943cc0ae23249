import { defineTask, formatTrackingId } from '@groundtrace/core'
import {
  anchoring,
  answerReader,
  createBridge,
  createLabelStudioClient,
  createLiveAnnotation,
  createMlBackend,
  KEY_FIELD,
  labelStudioBoard,
  labelStudioServer,
  openOutbox,
  servedAnswers,
  type LabelStudio,
  type Served,
} from '@groundtrace/label-studio'
import { openSqliteRegister } from '@groundtrace/register'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serveFetch } from '../services/fetch-server.ts'
import { hasLabelStudio, startLabelStudio, type Account, type LabelStudioServer } from '../services/label-studio.ts'
import { until } from '../services/until.ts'

const spam = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'] })
const CONFIG = `<View><Text name="item" value="$text"/><Choices name="answer" toName="item" choice="single" required="true">
  <Choice value="ham"/><Choice value="spam"/></Choices></View>`
const PATH_SECRET = 'a0b1c2d3e4f5a0b1c2d3e4f5a0b1c2d3'

const resultOf = (label: string, id?: string): readonly unknown[] => [
  {
    ...(id !== undefined && { id }),
    from_name: 'answer',
    to_name: 'item',
    type: 'choices',
    value: { choices: [label] },
  },
]

interface NextTask {
  readonly id: number
  readonly predictions: readonly {
    readonly model_version: string
    readonly result: readonly { readonly id: string }[]
  }[]
}

describe.skipIf(!hasLabelStudio)('on a real Label Studio', () => {
  let server: LabelStudioServer
  let labelStudio: LabelStudio
  let annotators: readonly Account[]

  beforeAll(async () => {
    server = await startLabelStudio()
    labelStudio = createLabelStudioClient({ url: server.url, token: server.admin.token })
    annotators = [await server.signUp('anna'), await server.signUp('ben')]
  })
  afterAll(async () => await server?.stop())

  const next = async (project: number, { token }: Account) =>
    await server.api<NextTask>(`/api/projects/${project}/next`, { token })
  const answer = async (task: number, { token }: Account, result: readonly unknown[]) =>
    await server.api(`/api/tasks/${task}/annotations/`, { method: 'POST', token, body: { result } })

  test('the ML backend pre-annotates what annotators are shown, but for a blind share, and anchoring is told from it', async () => {
    const served: Served[] = []
    let predictions = 0
    const backend = await serveFetch(
      createMlBackend({
        task: spam,
        modelVersion: () => 'filter/7',
        pathSecret: PATH_SECRET,
        control: { fromName: 'answer', toName: 'item' },
        predict: async () => {
          predictions += 1
          const number = predictions.toString(16)
          return {
            value: 'spam',
            trackingId: formatTrackingId({ traceId: number.padStart(32, '1'), spanId: number.padStart(16, '2') }),
            score: 0.75,
          }
        },
        blind: { share: 0.5, secret: 'sixteen bytes or more' },
        onServed: (one) => void served.push(one),
      }),
    )
    const { id: project } = await labelStudio.createProject({
      title: 'Pre-annotated',
      labelConfig: CONFIG,
      annotationsPerTask: 1,
      showPredictions: true,
    })
    const connected = await labelStudio.createMlBackend(project, {
      url: `${backend.url}/label-studio/ml/${PATH_SECRET}`,
      title: 'filter',
    })
    expect(connected).toMatchObject({ state: 'CO', errorMessage: undefined })
    const outbox = openOutbox({ path: ':memory:' })
    outbox.units.plan(
      Array.from({ length: 12 }, (_, at) => {
        const number = at.toString(16)
        const prediction = formatTrackingId({ traceId: number.padStart(32, '3'), spanId: number.padStart(16, '4') })
        return { prediction, project: 'shown', reason: 'random' }
      }),
    )
    const units = outbox.units.after(0, 12)
    const tasks = units.map(({ id, key }) => ({ data: { text: `mail ${id}`, [KEY_FIELD]: key } }))
    const numbers = await labelStudio.importTasks(project, tasks)
    for (const [at, unit] of units.entries()) outbox.units.sent(unit, { project, task: numbers[at] ?? 0 })

    const [anna] = annotators as [Account]
    const shown = new Map<number, boolean>()
    for (const _ of tasks) {
      const task = await next(project, anna)
      const [prediction] = task.predictions
      shown.set(task.id, prediction !== undefined)
      // She takes over what she is shown, and else finds every mail to be ham.
      const region = prediction?.result[0]?.id
      await answer(task.id, anna, prediction === undefined ? resultOf('ham') : resultOf('spam', region))
      expect(task.predictions.map(({ model_version: version }) => version)).toEqual(
        prediction === undefined ? [] : ['filter/7'],
      )
    }
    await backend.stop()

    // Every task was predicted once, and shown unless it was drawn to be blind.
    expect(new Set(served.map(({ task }) => task))).toEqual(new Set(shown.keys()))
    expect(served).toHaveLength(tasks.length)
    expect(served.map(({ task, blind }) => [task, !blind])).toEqual(served.map(({ task }) => [task, shown.get(task)]))
    expect(served.filter(({ blind }) => blind).length).toBeGreaterThan(0)
    // By what she answered, as the bridge reads it back.
    const register = openSqliteRegister({ path: ':memory:', tasks: [spam], thread: 'caller' })
    const bridge = createBridge({
      outbox,
      register,
      server: labelStudioServer(labelStudio, server.admin),
      projects: [{ name: 'shown', server: project }],
      taskData: () => undefined,
    })
    expect(await bridge.tick()).toMatchObject({ read: tasks.length, changes: tasks.length, troubles: [] })
    const readAnswer = answerReader({ classes: ['ham', 'spam'], shares: false })
    const found = anchoring(servedAnswers({ outbox, served, readAnswer }))
    expect(found).toMatchObject({ difference: 1, state: 'anchored' })
    expect(found.shown.trials + found.blind.trials).toBe(tasks.length)
    outbox.close()
    await register.close()
    const kept = await server.api<readonly { readonly task: number }[]>(`/api/predictions/?project=${project}`)
    const seen = served.filter(({ blind }) => !blind)
    expect(new Set(kept.map(({ task }) => task))).toEqual(new Set(seen.map(({ task }) => task)))
    expect(kept).toHaveLength(seen.length)
  })

  test('a live task is voted on, decided together with the model, and served to nobody any more', async () => {
    const { id: project } = await labelStudio.createProject({
      title: 'Live',
      labelConfig: CONFIG,
      annotationsPerTask: 3,
    })
    const troubles: unknown[] = []
    const live = createLiveAnnotation({
      task: spam,
      rules: { confident: 0.9, deadlineSeconds: 120, pollSeconds: 0.2 },
      board: labelStudioBoard({ labelStudio, project, form: { classes: ['ham', 'spam'], shares: false } }),
      skillOf: () => 0.95,
      onTrouble: (error) => troubles.push(error),
    })
    const deciding = live.decide({ scores: { ham: 0.6, spam: 0.4 }, data: { text: 'an offer' } })
    const asked = await until(
      async () => await next(project, annotators[0] as Account).catch(() => undefined),
      'the task is served',
    )
    for (const annotator of annotators) await answer(asked.id, annotator, resultOf('spam'))
    const decision = await deciding
    expect(decision).toMatchObject({ value: 'spam', how: 'agreed', model: { value: 'ham', probability: 0.6 } })
    expect(new Set(decision.votes.map(({ annotator }) => annotator))).toEqual(new Set(annotators.map(({ id }) => id)))
    // 0.6 · 0.05² against 0.4 · 0.95².
    expect(decision.probability).toBeCloseTo(0.361 / 0.3625, 12)
    const third = await server.signUp('cleo')
    await until(
      async () => ((await labelStudio.task(asked.id))?.isLabeled === true ? true : undefined),
      'the task is withdrawn',
    )
    await expect(next(project, third)).rejects.toThrow(/404/)
    expect(troubles).toEqual([])
    live.close()
  })
})
