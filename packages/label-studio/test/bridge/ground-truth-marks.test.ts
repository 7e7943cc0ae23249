import { expect, test } from 'vitest'
import type { LabelStudio } from '../../src/client/label-studio.ts'
import { groundTruthMarks } from '../../src/bridge/ground-truth-marks.ts'

const CREATED = '2026-01-31T09:00:00.000000Z'

function client(stored: readonly { readonly id: number; readonly createdAt: string; readonly groundTruth: boolean }[]) {
  const updates: unknown[] = []
  const annotations = async (task: number) => (task === 7 ? stored : undefined)
  const updateAnnotation = async (id: number, changes: object) => updates.push([id, changes])
  return {
    updates,
    server: groundTruthMarks({ annotations, updateAnnotation } as unknown as LabelStudio),
  }
}

const marked = { task: 7, annotation: 1, created: CREATED }

test('an annotation is marked, and unmarked', async () => {
  const { server, updates } = client([{ id: 1, createdAt: CREATED, groundTruth: false }])
  await server.mark(marked, true)
  await server.mark(marked, false)
  // It looked: it is not marked as it is.
  expect(updates).toEqual([[1, { groundTruth: true }]])
})

test('another annotation that was given the number since is left alone', async () => {
  const { server, updates } = client([{ id: 1, createdAt: '2026-02-01T00:00:00.000000Z', groundTruth: false }])
  await server.mark(marked, true)
  expect(updates).toEqual([])
})

test('a task that is gone has nothing to mark', async () => {
  const { server, updates } = client([])
  await server.mark({ ...marked, task: 8 }, true)
  expect(updates).toEqual([])
})
