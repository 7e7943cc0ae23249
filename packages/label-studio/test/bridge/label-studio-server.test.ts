import { expect, test } from 'vitest'
import { KEY_FIELD, labelStudioServer } from '../../src/bridge/label-studio-server.ts'
import { callFault } from '../../src/bridge/task-server.ts'
import { LabelStudioError } from '../../src/client/error.ts'
import type { LabelStudio } from '../../src/client/label-studio.ts'
import type { StoredAnnotation } from '../../src/client/annotation.ts'
import type { StoredTask } from '../../src/client/task.ts'

const BRIDGE = 1
const TIME = '2026-01-31T10:00:00.000001Z'

const annotation = (rest: Partial<StoredAnnotation>): StoredAnnotation => ({
  id: 5,
  task: 3,
  result: [{ type: 'choices' }],
  wasCancelled: false,
  groundTruth: false,
  leadTimeSeconds: undefined,
  completedBy: 2,
  updatedBy: 2,
  createdAt: TIME,
  updatedAt: TIME,
  parentPrediction: undefined,
  parentAnnotation: undefined,
  ...rest,
})

const task = (rest: Partial<StoredTask>): StoredTask => ({
  id: 3,
  project: 7,
  data: { [KEY_FIELD]: 'a key', text: 'words' },
  createdAt: TIME,
  updatedAt: TIME,
  isLabeled: false,
  annotations: [],
  drafts: [],
  ...rest,
})

type Client = Pick<LabelStudio, 'importTasks' | 'tasksByData' | 'tasks' | 'lastTouched'>

/** A client of which one method answers. */
const client = (answers: Partial<Client>): Client => ({
  importTasks: () => Promise.reject(new Error('not asked')),
  tasksByData: () => Promise.reject(new Error('not asked')),
  tasks: () => expect.unreachable(),
  lastTouched: () => Promise.reject(new Error('not asked')),
  ...answers,
})

async function contentOf(rest: Partial<StoredAnnotation>) {
  const stored = task({ annotations: [annotation(rest)] })
  const server = labelStudioServer(client({ tasksByData: async () => [stored] }), { id: BRIDGE })
  return (await server.tasksByKey(7, ['a key']))[0]?.answers[0]?.content
}

test('an answer says who gave it, and who else wrote it; the marks of the bridge are no edit', async () => {
  const plain = { annotator: 2, skipped: false, result: [{ type: 'choices' }] }
  expect(await contentOf({})).toEqual(plain)
  expect(await contentOf({ updatedBy: 9 })).toEqual({ ...plain, editedBy: 9 })
  expect(await contentOf({ updatedBy: BRIDGE, groundTruth: true })).toEqual(plain)
  expect(await contentOf({ wasCancelled: true, result: [] })).toEqual({ annotator: 2, skipped: true, result: [] })
  expect(await contentOf({ completedBy: undefined, updatedBy: 2 })).toEqual({
    skipped: false,
    result: plain.result,
    editedBy: 2,
  })
})

test('an answer that nobody wrote, but that came in with an imported task, is nobody’s, whatever name it bears', async () => {
  expect(await contentOf({ updatedBy: undefined })).toEqual({ skipped: false, result: [{ type: 'choices' }] })
})

test('a result that no page makes is not kept', async () => {
  const result = [{ value: { text: ['x'.repeat(100_000)] } }]
  expect(await contentOf({ result })).toEqual({ annotator: 2, skipped: false, result: [] })
})

test('tasks without a key are somebody else’s, and are left out', async () => {
  const pages = [[task({}), task({ id: 4, data: { text: 'theirs' } })], [task({ id: 5, data: {} })]]
  const server = labelStudioServer(
    client({
      tasks: async function* () {
        yield* pages
      },
    }),
    { id: BRIDGE },
  )
  const read: number[][] = []
  for await (const page of server.tasks(7, {})) read.push(page.map(({ task: id }) => id))
  expect(read).toEqual([[3], []])
})

test('drafts of new answers are counted, those of answers that were given are not', async () => {
  const draft = { id: 1, user: undefined, createdAt: TIME, updatedAt: TIME }
  const stored = task({
    drafts: [
      { ...draft, annotation: undefined },
      { ...draft, annotation: 5 },
    ],
  })
  const server = labelStudioServer(client({ tasksByData: async () => [stored] }), { id: BRIDGE })
  expect(await server.tasksByKey(7, ['a key'])).toMatchObject([{ drafts: 1 }])
})

test.each([
  ['bad data', { status: 400, refused: true }, 'refused'],
  ['too much data', { status: 413, refused: true }, 'refused'],
  ['a wrong token', { status: 401, refused: true }, 'not-done'],
  ['no such project', { status: 404, refused: true }, 'not-done'],
  ['a broken server', { status: 500 }, undefined],
  ['no answer', {}, undefined],
] as const)('of %s it tells what became of the call', async (_, failure, fault) => {
  const server = labelStudioServer(
    client({ importTasks: () => Promise.reject(new LabelStudioError('rejected', 'No', 'Look', failure)) }),
    { id: BRIDGE },
  )
  const error = await server.importTasks(7, []).catch((thrown: unknown) => thrown)
  expect(callFault(error)).toBe(fault)
})
