import { defineTask, TASK_KINDS, type TaskDefinition } from '@groundtrace/core'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isTask } from '../src/task.ts'
import { junk, tasks } from './arbitrary.ts'
import { refusal } from './refusal.ts'

test('a name and a kind make a task, the rest has defaults', () => {
  expect(defineTask({ name: 'reply', kind: 'generation' })).toEqual({
    name: 'reply',
    kind: 'generation',
    classes: undefined,
    horizonSeconds: 2_592_000,
    silence: undefined,
    tolerance: 0,
    gainfulSources: [],
    unobservableActions: [],
  })
})

test('a task is frozen and does not follow the lists it was made of', () => {
  const classes = ['ham', 'spam']
  const task = defineTask({ name: 'spam', kind: 'binary', classes })
  classes.push('more')
  expect(task.classes).toEqual(['ham', 'spam'])
  expect([task, task.classes, task.gainfulSources, task.unobservableActions].every(Object.isFrozen)).toBe(true)
})

test.each([
  ['no name', { kind: 'binary' }, /name is not a bounded word/],
  ['a name with a space', { name: 'a b', kind: 'binary' }, /name is not a bounded word/],
  ['no kind', { name: 'a' }, /kind undefined is unknown/],
  ['a kind of Object.prototype', { name: 'a', kind: 'constructor' }, /kind "constructor" is unknown/],
  [
    'classes of a regression',
    { name: 'a', kind: 'regression', classes: ['x', 'y'] },
    /a regression task has no classes/,
  ],
  ['classes in one text', { name: 'a', kind: 'binary', classes: 'ab' }, /classes is not a list/],
  ['a class that is a number', { name: 'a', kind: 'binary', classes: ['x', 1] }, /classes is not a list/],
  ['an empty class', { name: 'a', kind: 'binary', classes: ['x', ''] }, /classes is not a list/],
  ['a class __proto__', { name: 'a', kind: 'binary', classes: ['x', '__proto__'] }, /classes is not a list/],
  ['a class too long for a ledger', { name: 'a', kind: 'binary', classes: ['x', 'y'.repeat(257)] }, /classes is not/],
  ['a hole in the classes', { name: 'a', kind: 'binary', classes: Object.assign([], { 1: 'x' }) }, /classes is not/],
  ['a class named twice', { name: 'a', kind: 'multiclass', classes: ['x', 'y', 'x'] }, /a class is named twice/],
  [
    'three classes of two',
    { name: 'a', kind: 'binary', classes: ['x', 'y', 'z'] },
    /3 classes are no choice of a binary/,
  ],
  ['one class', { name: 'a', kind: 'multiclass', classes: ['x'] }, /1 classes are no choice of a multiclass/],
  ['a horizon of 0', { name: 'a', kind: 'binary', horizonSeconds: 0 }, /horizonSeconds 0 is not a positive/],
  ['a horizon without end', { name: 'a', kind: 'binary', horizonSeconds: Infinity }, /horizonSeconds Infinity/],
  ['a horizon in text', { name: 'a', kind: 'binary', horizonSeconds: '60' }, /horizonSeconds "60"/],
  ['a horizon in BigInt', { name: 'a', kind: 'binary', horizonSeconds: 60n }, /horizonSeconds 60/],
  ['a negative tolerance', { name: 'a', kind: 'regression', tolerance: -1 }, /tolerance -1/],
  ['a tolerance that is no number', { name: 'a', kind: 'regression', tolerance: Number.NaN }, /tolerance NaN/],
  ['a class that figures use', { name: 'a', kind: 'multiclass', classes: ['x', '(unknown)'] }, /in parentheses/],
  ['silence without classes', { name: 'a', kind: 'binary', silence: 'ham' }, /silence "ham" is not one of its classes/],
  ['silence of a regression', { name: 'a', kind: 'regression', silence: 'ham' }, /silence "ham"/],
  ['silence that is no class', { name: 'a', kind: 'binary', classes: ['x', 'y'], silence: 'z' }, /silence "z"/],
  ['sources in one text', { name: 'a', kind: 'binary', gainfulSources: 'sender' }, /gainfulSources is not a list/],
  ['a source no feedback can have', { name: 'a', kind: 'binary', gainfulSources: ['a b'] }, /gainfulSources is not/],
  ['actions in one text', { name: 'a', kind: 'binary', unobservableActions: 'block' }, /unobservableActions is not/],
  ['an action that is a number', { name: 'a', kind: 'binary', unobservableActions: [1] }, /unobservableActions is not/],
  [
    'a misspelt option',
    { name: 'a', kind: 'binary', horizon: 60 },
    /field "horizon" is unknown\. Use name, kind, .*horizonSeconds/,
  ],
  ['an option of Object.prototype', { name: 'a', kind: 'binary', constructor: 1 }, /field "constructor" is unknown/],
  ['nothing', undefined, /name is not a bounded word/],
  ['null', null, /name is not a bounded word/],
  ['a text', 'spam', /name is not a bounded word/],
])('%s makes no task', (_, definition, cause) => {
  expect(() => defineTask(definition as unknown as TaskDefinition)).toThrow(refusal('invalid-task', cause))
})

describe('the shape of a task', () => {
  test('is kept by every task, also through JSON', () => {
    fc.assert(
      fc.property(tasks, (task) => {
        expect(isTask(task)).toBe(true)
        expect(isTask(JSON.parse(JSON.stringify(task)))).toBe(true)
      }),
    )
  })

  test('is not that of anything else', () => {
    fc.assert(
      fc.property(junk, (value) => {
        expect(isTask(value)).toBe(false)
        expect(isTask({ name: 'a', kind: value })).toBe(false)
      }),
    )
  })
})

test('there are five kinds', () => {
  expect(TASK_KINDS).toEqual(['binary', 'multiclass', 'regression', 'ranking', 'generation'])
})
