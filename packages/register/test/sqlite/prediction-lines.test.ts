import { defineTask } from '@groundtrace/core'
import { expect, it } from 'vitest'
import { encodePredictions } from '../../src/sqlite/prediction-lines.ts'
import { prediction, SPAM, TOPIC } from '../../src/testing/fixtures.ts'

const again = () => defineTask({ ...SPAM, classes: [...(SPAM.classes ?? [])] })

it('tasks that are described the same are one, and those that differ in anything are not', () => {
  const later = defineTask({ ...SPAM, horizonSeconds: SPAM.horizonSeconds + 1 })
  const { tasks, lines } = encodePredictions(
    [
      prediction(1),
      prediction(2, { task: again() }),
      prediction(3, { task: later }),
      prediction(4, { task: again() }),
      prediction(5, { task: TOPIC, value: 'arts' }),
    ],
    Date.now(),
  )
  expect(tasks).toEqual([SPAM, later, TOPIC])
  expect(lines.map(({ task }) => task)).toEqual([0, 0, 1, 0, 2])
  expect(lines.map(({ row }) => row.horizon_seconds)).toEqual(
    [SPAM, SPAM, later, SPAM, TOPIC].map(({ horizonSeconds }) => horizonSeconds),
  )
})
