import { defineTask } from '@groundtrace/core'
import { expect, test } from 'vitest'
import { horizonTasks } from '../../src/decide/horizon-tasks.ts'

const SPAM = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'], horizonSeconds: 60 })

test('a task has the horizon that a prediction was made with, and is the same object again', () => {
  const tasks = horizonTasks()
  expect(tasks.of(1, 60, SPAM)).toBe(SPAM)
  const other = tasks.of(1, 90, SPAM)
  expect(other).toEqual({ ...SPAM, horizonSeconds: 90 })
  expect(tasks.of(1, 90, SPAM)).toBe(other)
})

test('predictions of any number of different horizons hold no more than a thousand definitions', () => {
  const tasks = horizonTasks()
  const first = tasks.of(1, 1, SPAM)
  for (let horizon = 2; horizon <= 1000; horizon += 1) tasks.of(1, horizon, SPAM)
  expect(tasks.of(1, 1, SPAM)).toBe(first)
  tasks.of(1, 1001, SPAM)
  expect(tasks.of(1, 1, SPAM)).not.toBe(first)
  expect(tasks.of(1, 1, SPAM)).toEqual(first)
})
