import { expect, test } from 'vitest'
import { truthReport } from '../../src/truth/truth-report.ts'
import type { TruthPolicy } from '../../src/truth/truth-policy.ts'
import { readAnswer, TruthWorld, type Said } from './truth-world.ts'

const POLICY: TruthPolicy = {
  classes: ['ham', 'spam'],
  crowd: { project: 'crowd', agreeing: 2, maximum: 3, groups: { members: { de: [1, 2, 3], en: [4] }, atLeast: 2 } },
  expert: { project: 'expert' },
}

test('it counts what is settled, what is not and why, and which groups were not heard', async () => {
  const world = new TruthWorld(POLICY)
  world.plan('crowd', 0, 1, 2, 3, 4)
  const answered: readonly (readonly [unit: number, annotator: number, said: Said])[] = [
    // Settled.
    [0, 1, { label: 'ham' }],
    [0, 4, { label: 'ham' }],
    // Agreed, and nobody of en has answered.
    [1, 1, { label: 'ham' }],
    [1, 2, { label: 'ham' }],
    // One answer.
    [2, 4, { label: 'spam' }],
    // Flagged twice.
    [3, 1, { label: 'ham', unclear: true }],
    [3, 2, { unclear: true, skipped: true }],
  ]
  for (const [unit, annotator, said] of answered) world.answer('crowd', unit, annotator, said)
  await world.settle()
  world.answer('expert', 3, 9, { label: 'spam' })
  world.answer('crowd', 0, 4, { label: 'spam' })
  await world.settle()
  world.answer('crowd', 0, 4, { label: 'ham' })
  await world.settle()

  expect(truthReport({ outbox: world.outbox, policy: POLICY, readAnswer })).toMatchObject({
    consensus: { method: 'majority', state: 'too-little-data', answers: 6 },
    crowd: {
      project: 'crowd',
      units: 4,
      settled: 1,
      settledBy: { agreement: 1, posterior: 0 },
      open: 2,
      contentious: 1,
      why: {
        'groups-missing': 3,
        'no-agreement': 2,
        'no-posterior': 2,
        'too-few-answers': 2,
        unclear: 1,
      },
      missingGroups: { de: 1, en: 2 },
      lines: { annotation: 2, retraction: 1 },
    },
    expert: { project: 'expert', units: 1, settled: 1, open: 0, contentious: 0, why: {}, missingGroups: {} },
  })
})

test('it is the same as what was settled, without settling anything', async () => {
  const world = new TruthWorld(POLICY)
  world.plan('crowd', 0)
  world.answer('crowd', 0, 1, { label: 'ham' })
  world.answer('crowd', 0, 4, { label: 'ham' })
  const before = truthReport({ outbox: world.outbox, policy: POLICY, readAnswer })
  expect(before.crowd).toMatchObject({ settled: 1, lines: { annotation: 0, retraction: 0 } })
  await world.settle()
  const after = truthReport({ outbox: world.outbox, policy: POLICY, readAnswer })
  expect(after.crowd).toEqual({ ...before.crowd, lines: { annotation: 1, retraction: 0 } })
})
