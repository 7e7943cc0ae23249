import { defineTask, taskCatalogue, type Task } from '@groundtrace/core'
import { expect, test } from 'vitest'
import { refusal } from './refusal.ts'

const spam = defineTask({ name: 'spam', kind: 'binary' })
const constructorTask = defineTask({ name: 'constructor', kind: 'regression' })

test('finds each task by its name, and no other', () => {
  const catalogue = taskCatalogue([spam, constructorTask])
  expect(catalogue.get('spam')).toBe(spam)
  expect(catalogue.get('constructor')).toBe(constructorTask)
  expect(catalogue.get('toString')).toBeUndefined()
})

test('two tasks of one name are refused', () => {
  expect(() => taskCatalogue([spam, { ...spam }])).toThrow(refusal('invalid-task', /share a name/))
})

test.each([[undefined], [null], [spam], [[null]], [[{ name: 'spam' }]], ['spam']])(
  '%o is no list of tasks',
  (tasks) => {
    expect(() => taskCatalogue(tasks as unknown as Task[])).toThrow(refusal('invalid-task', /no list of tasks/))
  },
)
