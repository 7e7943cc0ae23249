import { defineTask, isName } from '@groundtrace/core'
import { assert, option, property, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { declaredOf, valueOf } from '../../../src/targets/openai/model.ts'

const ANSWER = defineTask({ name: 'answer', kind: 'generation' })

describe('who answered', () => {
  test('is called what was asked for, in the version that answered', () => {
    expect(declaredOf({ task: ANSWER }, 'gpt-4o', 'gpt-4o-2024-08-06')?.model).toEqual({
      name: 'gpt-4o',
      version: 'gpt-4o-2024-08-06',
    })
    expect(declaredOf({ task: ANSWER }, 'gpt-4o', undefined)?.model).toEqual({ name: 'gpt-4o', version: 'gpt-4o' })
    expect(declaredOf(undefined, 'gpt-4o', 'gpt-4o')).toBeUndefined()
  })

  test('is what the declaration says where it says so', () => {
    const model = { name: 'judge', version: '3' }
    expect(declaredOf({ task: ANSWER, model }, 'gpt-4o', 'gpt-4o-2024-08-06')?.model).toEqual(model)
  })

  test('is always a bounded word, whatever models are called', () => {
    expect(declaredOf({ task: ANSWER }, 'ft:gpt-4o:us', 'org/x')?.model).toEqual({
      name: 'ft-gpt-4o-us',
      version: 'org-x',
    })
    assert(
      property(option(string({ unit: 'binary' }), { nil: undefined }), (name) => {
        const model = declaredOf({ task: ANSWER }, name, name)?.model
        expect([isName(model?.name), isName(model?.version)]).toEqual([true, true])
      }),
    )
  })
})

test.each([
  ['generation', ' as it is ', ' as it is '],
  ['multiclass', ' cat\n', 'cat'],
  ['regression', ' 1.5 ', 1.5],
  ['regression', '', undefined],
  ['ranking', 'a, b', undefined],
] as const)('as an answer of a %s task, %j is %j', (kind, text, value) => {
  expect(valueOf(defineTask({ name: 'task', kind }), text)).toEqual(value)
})
