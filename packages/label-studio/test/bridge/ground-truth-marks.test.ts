import { expect, test } from 'vitest'
import type { LabelStudio } from '../../src/client/label-studio.ts'
import { KEY_FIELD } from '../../src/bridge/label-studio-server.ts'
import { groundTruthMarks } from '../../src/bridge/ground-truth-marks.ts'

const CREATED = '2026-01-31T09:00:00.000000Z'

function client(stored: readonly object[], isLabeled = false) {
  const updates: unknown[] = []
  const annotations = async (task: number) => (task === 7 ? stored : undefined)
  const changes: unknown[] = []
  const tasks = {
    task: async (id: number) => (id === 7 ? { isLabeled, data: { [KEY_FIELD]: 'key-7' } } : undefined),
    withdrawTask: async (id: number) => changes.push(['withdrawn', id]),
    serveTask: async (id: number) => changes.push(['served', id]),
  }
  const updateAnnotation = async (id: number, changes: object) => updates.push([id, changes])
  return {
    updates,
    server: groundTruthMarks({ annotations, updateAnnotation, ...tasks } as unknown as LabelStudio),
    served: changes,
  }
}

const UPDATED = '2026-01-31T10:00:00.000000Z'
const result = [{ value: { choices: ['ham'] } }]
const stored = { id: 1, createdAt: CREATED, updatedAt: UPDATED, groundTruth: false, result }
const marked = { task: 7, annotation: 1, created: CREATED, updated: UPDATED, result }

test('an annotation is marked, and unmarked', async () => {
  const { server, updates } = client([stored])
  expect(await server.mark(marked, true)).toBe(true)
  expect(await server.mark(marked, false)).toBe(true)
  // It looked: it is not marked as it is.
  expect(updates).toEqual([[1, { groundTruth: true }]])
})

test('another annotation that was given the number since is left alone', async () => {
  const { server, updates } = client([{ ...stored, createdAt: '2026-02-01T00:00:00.000000Z' }])
  await server.mark(marked, true)
  expect(updates).toEqual([])
})

test('a task that is gone has nothing to mark', async () => {
  const { server, updates } = client([])
  await server.mark({ ...marked, task: 8 }, true)
  expect(updates).toEqual([])
})

test.each([
  ['was edited', { updatedAt: '2026-01-31T11:00:00.000000Z' }],
  ['had its label renamed, which does not touch it', { result: [{ value: { choices: ['spam'] } }] }],
])('an annotation that %s since it was read waits: a mark would hide who did that', async (_, changes) => {
  const { server, updates } = client([{ ...stored, ...changes }])
  expect(await server.mark(marked, true)).toBe(false)
  expect(updates).toEqual([])
})

test('a task is served to nobody any more, and served again; what is so already, and another task of its number, is left', async () => {
  const open = client([])
  await open.server.serve({ task: 7, key: 'key-7' }, false)
  await open.server.serve({ task: 7, key: 'key-7' }, true)
  await open.server.serve({ task: 7, key: 'another' }, false)
  await open.server.serve({ task: 8, key: 'key-7' }, false)
  expect(open.served).toEqual([['withdrawn', 7]])
  const closed = client([], true)
  await closed.server.serve({ task: 7, key: 'key-7' }, false)
  await closed.server.serve({ task: 7, key: 'key-7' }, true)
  expect(closed.served).toEqual([['served', 7]])
})
