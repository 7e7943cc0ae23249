import { defineTask, isValueOf, TASK_KINDS, type Task } from '@groundtrace/core'
import { describe, expect, test } from 'vitest'
import { refusal } from './refusal.ts'
import { TASKS } from './spam-filter.ts'

const VALUES: readonly (readonly [value: unknown, kinds: readonly string[]])[] = [
  ['ham', ['binary', 'generation']],
  ['bills', ['multiclass', 'generation']],
  ['neither', ['generation']],
  ['', ['generation']],
  ['__proto__', ['generation']],
  [0, ['regression']],
  [-1.5, ['regression']],
  [Number.NaN, []],
  [Infinity, []],
  [1n, []],
  [true, []],
  [null, []],
  [undefined, []],
  [[], ['ranking']],
  [['a', 'b'], ['ranking']],
  [['a', 1], []],
  [Object.assign([], { 1: 'a' }), []],
  [{ 0: 'a' }, []],
]

describe.each(TASK_KINDS)('a %s task', (kind) => {
  test.each(VALUES)('knows whether %o is one of its values', (value, kinds) => {
    expect(isValueOf(TASKS[kind], value)).toBe(kinds.includes(kind))
  })
})

test('a task that declares no classes takes every short text as one', () => {
  const open = defineTask({ name: 'topic', kind: 'multiclass' })
  expect(isValueOf(open, 'anything')).toBe(true)
  expect(isValueOf(open, 'x'.repeat(257))).toBe(false)
  expect(isValueOf(open, '')).toBe(false)
})

test.each([[undefined], [null], [{}], [{ kind: 'constructor' }], ['binary']])('%o is no task to ask', (task) => {
  expect(() => isValueOf(task as unknown as Task, 'ham')).toThrow(refusal('invalid-task', /is no task/))
})
