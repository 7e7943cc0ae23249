import { expect, test } from 'vitest'
import { anchoring } from '../../src/ml-backend/anchoring.ts'
import { servedAnswers } from '../../src/ml-backend/served-answers.ts'
import { readAnswer, TruthWorld } from '../truth/truth-world.ts'

const POLICY = { classes: ['ham', 'spam'], crowd: { project: 'crowd' } }

test('what was served stands beside the first answer that counts, one a task', () => {
  const world = new TruthWorld(POLICY)
  world.plan('crowd', 0, 1, 2, 3, 4)
  const { outbox } = world
  const served = [0, 1, 2, 3, 4].map((number) => ({
    key: world.unit('crowd', number).key,
    value: 'spam',
    blind: number % 2 === 1,
  }))
  // Shown: taken over, though somebody says otherwise later.
  world.answer('crowd', 0, 1, { label: 'spam' })
  world.answer('crowd', 0, 2, { label: 'ham' })
  // Blind: another answer. What was skipped, or written over by somebody else, is none.
  world.answer('crowd', 1, 3, { label: 'spam', skipped: true })
  world.answer('crowd', 1, 4, { label: 'spam', editedBy: 9 })
  world.answer('crowd', 1, 1, { label: 'ham' })
  // A later version says what the annotator does.
  world.answer('crowd', 2, 1, { label: 'ham' })
  world.answer('crowd', 3, 1, { unclear: true })
  const all = [
    ...served,
    { key: served[2]?.key, value: 'ham', blind: false },
    { key: undefined, value: 'spam', blind: true },
    { key: 'of another bridge', value: 'spam', blind: true },
  ]
  const answered = servedAnswers({ outbox, served: all, readAnswer })
  expect(answered).toEqual([
    { blind: false, agrees: true },
    { blind: true, agrees: false },
    { blind: false, agrees: true },
  ])
  expect(anchoring(answered)).toMatchObject({ shown: { successes: 2, trials: 2 }, blind: { successes: 0, trials: 1 } })
})
