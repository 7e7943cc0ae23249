import {
  createLabelStudioClient,
  type LabelStudio,
  type Project,
  type ProjectSettings,
} from '@groundtrace/label-studio'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OPERATIONS } from '../../tools/openapi-types/src/operations.ts'
import type { JsonObject } from '../../tools/openapi-types/src/json.ts'
import { prune } from '../../tools/openapi-types/src/prune.ts'
import { recorder } from '../services/exchanges.ts'
import { hasLabelStudio, startLabelStudio, type LabelStudioServer } from '../services/label-studio.ts'
import { corrected, reasons, vendored } from '../services/label-studio/description.ts'
import { startMlBackendStub } from '../services/ml-backend-stub.ts'
import { exchangeFaults, operationOf, type Description } from '../services/openapi-faults.ts'
import { all, askForEverything, LABEL_CONFIG, region } from './label-studio-walk.ts'

const textTasks = (count: number) => Array.from({ length: count }, (_, index) => ({ data: { text: `Text ${index}` } }))

describe.skipIf(!hasLabelStudio)('the client on a real Label Studio', () => {
  let server: LabelStudioServer
  let personalToken = ''
  let client: LabelStudio
  let stub: Awaited<ReturnType<typeof startMlBackendStub>>

  beforeAll(async () => {
    server = await startLabelStudio()
    stub = await startMlBackendStub()
    personalToken = await server.personalToken()
    client = createLabelStudioClient({ url: server.url, token: personalToken })
  })

  afterAll(async () => {
    await stub?.stop()
    await server?.stop()
  })

  let titles = 0
  const newProject = (settings: Partial<ProjectSettings> = {}): Promise<Project> =>
    client.createProject({ title: `Project ${(titles += 1)}`, labelConfig: LABEL_CONFIG, ...settings })

  test('both kinds of tokens say who asks', async () => {
    const user = { id: server.admin.id, email: server.admin.email }
    const legacy = createLabelStudioClient({ url: server.url, token: server.admin.token })
    await expect(legacy.currentUser()).resolves.toEqual(user)
    await expect(client.currentUser()).resolves.toEqual(user)
  })

  test.each([
    ['a legacy token', 'f'.repeat(40)],
    ['a personal token', 'aaaaaaaa.bbbbbbbb.cccccccc'],
  ])('%s that is none is refused, and not shown', async (_, token) => {
    const error = await createLabelStudioClient({ url: server.url, token })
      .users()
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'unauthorized', status: 401, refused: true })
    expect(String(error)).not.toContain(token)
  })

  test('the server says that it is up, which release it is, and who its members are', async () => {
    await client.health()
    await expect(client.version()).resolves.toBe('1.23.2')
    const { id, email } = await server.signUp('member')
    await expect(client.users()).resolves.toContainEqual({ id, email })
  })

  test('who follows the invitation gets to a page to sign up', async () => {
    const page = await globalThis.fetch(await client.inviteLink())
    expect(page.status).toBe(200)
    await expect(page.text()).resolves.toContain('name="password"')
  })

  test('a project is made, read and changed as it was said', async () => {
    const settings = {
      title: 'All settings',
      description: 'Which is it?',
      labelConfig: LABEL_CONFIG,
      guidelines: '<p>Choose one.</p>',
      showGuidelines: true,
      annotationsPerTask: 3,
      overlapPercent: 100,
      sampling: 'Uniform sampling',
      skipQueue: 'IGNORE_SKIPPED',
      showSkipButton: false,
      allowEmptyAnnotations: false,
      showPredictions: false,
      modelVersion: '',
    } satisfies ProjectSettings
    const made = await client.createProject(settings)
    expect(made).toEqual({ ...settings, id: made.id, createdAt: made.createdAt, taskCount: 0 })
    await client.importTasks(made.id, textTasks(2))
    const changed = await client.updateProject(made.id, { showPredictions: true, guidelines: '' })
    expect(changed).toEqual({ ...made, showPredictions: true, guidelines: '', taskCount: 2 })
    await expect(client.project(made.id)).resolves.toEqual(changed)
    await expect(client.project(99_999)).resolves.toBe(undefined)
  })

  test('projects are found by their exact title, which more than one may have', async () => {
    const first = await newProject({ title: 'Twice' })
    const second = await newProject({ title: 'Twice' })
    await newProject({ title: 'twice again' })
    const found = await client.projects({ title: 'Twice' })
    expect(found.map(({ id }) => id)).toEqual([first.id, second.id])
    const ids = (await client.projects()).map(({ id }) => id)
    expect(ids).toEqual(ids.toSorted((a, b) => a - b))
    expect(ids).toContain(first.id)
  })

  test('tasks are found by texts in their data, and by nothing else', async () => {
    const { id } = await newProject()
    const texts = ['5', 'true', 'null', '0012', 'a,b', 'a"b', "a'b", '%', 'Ü', ' ', 'Twice', 'Twice']
    const many = Array.from({ length: 400 }, (_, index) => `key ${index} of some length, as keys may have`)
    const ids = await client.importTasks(id, [
      ...[...texts, ...many].map((key) => ({ data: { text: 'a', key } })),
      { data: { text: 'a', key: 5 } },
    ])
    const found = await client.tasksByData(id, 'key', [...texts, ...many, 'another'])
    expect(found.map((task) => task.id).toSorted((a, b) => a - b)).toEqual(ids.slice(0, -1))
    await expect(client.tasksByData(id, 'nothing', ['5'])).resolves.toEqual([])
  })

  test('an import makes all of its tasks or none', async () => {
    const { id } = await newProject()
    const wrong = client.importTasks(id, [...textTasks(3), { data: { other: 'a' } }])
    await expect(wrong).rejects.toMatchObject({ code: 'rejected', status: 400, refused: true })
    await expect(all(client.taskIds(id))).resolves.toEqual([])
    const data = { text: 'a', list: [1, { b: null }] }
    const prediction = { result: [region('A')], score: 0.25, modelVersion: 'v1' }
    const [task = 0] = await client.importTasks(id, [{ data, meta: { hidden: true }, predictions: [prediction] }])
    await client.createPrediction(task, { result: [region('B')], modelVersion: 'v2' })
    const detail = await client.task(task)
    expect(detail).toMatchObject({ id: task, project: id, data, isLabeled: false, annotations: [], drafts: [] })
    const predictions = detail?.predictions.map(({ result, score, modelVersion }) => ({ result, score, modelVersion }))
    expect(predictions).toEqual([prediction, { result: [region('B')], score: undefined, modelVersion: 'v2' }])
    await expect(client.task(99_999)).resolves.toBe(undefined)
  })

  test('an annotation is made, marked as ground truth, and read in every way as it is', async () => {
    const { id } = await newProject()
    const [task = 0, other = 0] = await client.importTasks(id, textTasks(2))
    const content = { result: [region('A')], leadTimeSeconds: 2.5 }
    const made = await client.createAnnotation(task, content)
    const self = server.admin.id
    expect(made).toMatchObject({ ...content, task, wasCancelled: false, groundTruth: false, completedBy: self })
    const marked = await client.updateAnnotation(made.id, { groundTruth: true })
    expect(marked).toEqual({ ...made, groundTruth: true, updatedAt: marked.updatedAt })
    await client.createAnnotation(other, { result: [], wasCancelled: true })
    const [read, skipped] = await all(client.tasks(id))
    expect(read).toMatchObject({ id: task, isLabeled: true, annotations: [marked] })
    expect(skipped?.annotations).toMatchObject([{ wasCancelled: true, result: [] }])
    await expect(client.annotations(task)).resolves.toEqual([marked])
    await expect(client.annotations(99_999)).resolves.toBe(undefined)
    const detail = await client.task(task)
    expect(detail?.annotations).toEqual([marked])
    const ids = await all(client.taskIds(id))
    expect(ids).toMatchObject([
      { id: task, annotations: [made.id] },
      { id: other, annotations: [skipped?.annotations[0]?.id] },
    ])
  })

  test('a task that is withdrawn is served to nobody, and kept with its annotations, until it is served again', async () => {
    const { id } = await newProject({ annotationsPerTask: 2 })
    const [task = 0] = await client.importTasks(id, textTasks(1))
    const annotation = await client.createAnnotation(task, { result: [region('A')] })
    const { token } = await server.signUp('next')
    const next = `/api/projects/${id}/next`
    await expect(server.api(next, { token })).resolves.toMatchObject({ id: task })
    await client.withdrawTask(task)
    await expect(server.api(next, { token })).rejects.toThrow('404')
    await expect(client.task(task)).resolves.toMatchObject({ isLabeled: true, annotations: [annotation] })
    await client.serveTask(task)
    await expect(server.api(next, { token })).resolves.toMatchObject({ id: task })
    await expect(client.withdrawTask(99_999)).rejects.toMatchObject({ code: 'not-found' })
  })

  test('what touches a task shows from that time on, and what does not, does not', async () => {
    const { id } = await newProject()
    await expect(client.lastTouched(id)).resolves.toBe(undefined)
    const [task = 0] = await client.importTasks(id, textTasks(2))
    const seen: (string | undefined)[] = []
    const touchedBy = async (act: () => Promise<unknown>): Promise<boolean> => {
      const before = await client.lastTouched(id)
      await act()
      const after = await client.lastTouched(id)
      seen.push(after)
      return before !== after
    }
    const annotation = await client.createAnnotation(task, { result: [] })
    await expect(touchedBy(() => client.createAnnotation(task, { result: [] }))).resolves.toBe(true)
    await expect(touchedBy(() => client.updateAnnotation(annotation.id, { result: [region('B')] }))).resolves.toBe(true)
    await expect(touchedBy(() => client.updateAnnotation(annotation.id, { groundTruth: true }))).resolves.toBe(true)
    const annotationPath = `/api/annotations/${annotation.id}/`
    await expect(touchedBy(() => server.api(annotationPath, { method: 'DELETE' }))).resolves.toBe(true)
    await expect(touchedBy(() => client.createPrediction(task, { result: [] }))).resolves.toBe(true)
    const drafts = `/api/tasks/${task}/drafts`
    const draft = { method: 'POST', body: { result: [region('A')], lead_time: 1 } }
    await expect(touchedBy(() => server.api(drafts, draft))).resolves.toBe(false)
    const [touched] = await all(client.tasks(id, { touchedFrom: seen.at(-1) ?? '' }))
    expect(touched).toMatchObject({ id: task, updatedAt: seen.at(-1), drafts: [{ user: server.admin.email }] })
    const later = (seen.at(-1) ?? '').replace(/\d{6}Z$/, '999999Z')
    await expect(all(client.tasks(id, { touchedFrom: later }))).resolves.toEqual([])
  })

  test('pages do not shift when tasks are made and deleted while they are read', async () => {
    const { id } = await newProject()
    const ids = await client.importTasks(id, textTasks(250))
    const read: number[] = []
    for await (const page of client.tasks(id)) {
      read.push(...page.map((task) => task.id))
      const [first = 0, second = 0] = page.map((task) => task.id)
      for (const gone of [first, second]) await server.api(`/api/tasks/${gone}/`, { method: 'DELETE' })
      await client.importTasks(id, textTasks(1))
    }
    expect(read.slice(0, 250)).toEqual(ids)
    expect(new Set(read).size).toBe(read.length)
  })

  test('a webhook is made and changed as it was said, and tells the time of the server when it is changed to nothing', async () => {
    const { id } = await newProject()
    const settings = {
      url: 'http://127.0.0.1:9/hook',
      headers: { 'x-secret': 'a' },
      sendPayload: false,
      isActive: true,
    }
    const made = await client.createWebhook(id, settings)
    expect(made).toMatchObject({ ...settings, project: id, actions: 'all' })
    const some = ['ANNOTATION_CREATED', 'ANNOTATION_UPDATED']
    const changed = await client.updateWebhook(made.id, { actions: some, isActive: false })
    expect(changed).toEqual({ ...made, actions: some, isActive: false, updatedAt: changed.updatedAt })
    const again = await client.updateWebhook(made.id, {})
    expect(again.updatedAt > changed.updatedAt).toBe(true)
    await expect(client.updateWebhook(made.id, { actions: 'all' })).resolves.toMatchObject({ actions: 'all' })
    await expect(client.webhooks(id)).resolves.toMatchObject([{ id: made.id, actions: 'all' }])
  })

  test('an ML backend is connected that answers, and refused that does not', async () => {
    const { id } = await newProject()
    const made = await client.createMlBackend(id, { url: stub.url, title: 'Ours', isInteractive: true })
    expect(made).toMatchObject({ project: id, url: stub.url, title: 'Ours', isInteractive: true, state: 'CO' })
    await expect(client.mlBackends(id)).resolves.toMatchObject([{ id: made.id, title: 'Ours' }])
    const nobody = client.createMlBackend(id, { url: 'http://127.0.0.1:9', title: 'Nobody' })
    await expect(nobody).rejects.toMatchObject({ code: 'rejected', refused: true })
  })

  test('a server that was killed is told of, and works with the same client when it is back', async () => {
    const { id } = await newProject()
    await client.importTasks(id, textTasks(1))
    await server.kill()
    await expect(client.project(id)).rejects.toMatchObject({ code: 'unavailable', refused: false })
    await expect(client.importTasks(id, textTasks(1))).rejects.toMatchObject({ code: 'unavailable', refused: false })
    await server.restart()
    await expect(client.project(id)).resolves.toMatchObject({ taskCount: 1 })
  })

  describe('of its description', () => {
    let faults: (description: Description) => readonly string[]
    let asked: ReadonlySet<string | undefined>

    beforeAll(async () => {
      const { fetch, exchanges } = recorder()
      await askForEverything(createLabelStudioClient({ url: server.url, token: personalToken, fetch }), stub.url)
      faults = (description) => exchanges.flatMap((exchange) => exchangeFaults(exchange, description))
      asked = new Set(exchanges.map((exchange) => operationOf(exchange, corrected())))
    })

    test('what is vendored is what the server says of itself, pruned', async () => {
      const own = await server.api<JsonObject>('/docs/api/schema/json/')
      expect(prune(own, OPERATIONS)).toEqual(vendored)
    })

    test('every operation was tried', () => {
      expect(asked).toEqual(new Set([...OPERATIONS, 'get /health', 'get /api/version']))
    })

    test('everything that was sent and that came is as it says, corrected', () => {
      expect(faults(corrected())).toEqual([])
    })

    test.each(reasons)('a correction is needed: %s', (reason) => {
      expect(faults(corrected(reason))).not.toEqual([])
    })
  })
})
