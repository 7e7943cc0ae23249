import { describe, expect, test } from 'vitest'
import { gather } from '../../src/targets/openai-answer.ts'

const choice = (content: string, index = 0, finish_reason: string | null = null): object => ({
  choices: [{ index, delta: { content }, finish_reason }],
})

describe('a stream of chat completions', () => {
  test('is the text of its first choice, with the reasons of all', () => {
    const gathering = gather('chat.completions')
    for (const item of [choice('a'), choice('x', 1), choice('b', 0, 'stop'), choice('y', 1, 'length')]) {
      gathering.item(item)
    }
    const { text, attributes } = gathering.answer()
    expect(text).toBe('ab')
    expect(attributes['gen_ai.response.finish_reasons']).toEqual(['stop', 'length'])
  })

  test('is kept to 16,384 characters, and never ends in half of one', () => {
    const gathering = gather('chat.completions')
    gathering.item(choice('x'.repeat(16_383)))
    expect(gathering.answer().isTruncated).toBe(false)
    gathering.item(choice('😀'))
    const { text, isTruncated } = gathering.answer()
    expect([text.length, isTruncated, text.isWellFormed()]).toEqual([16_384, true, true])
  })

  test.each([undefined, null, 1, 'text', [], { choices: 'none' }, { choices: [null, 1, {}] }])(
    'bears items of any other form: %j',
    (item) => {
      const gathering = gather('chat.completions')
      gathering.item(item)
      gathering.whole(item)
      expect(gathering.answer()).toMatchObject({ text: '', model: undefined, failure: undefined })
    },
  )
})

describe('a response', () => {
  test('that was cut short says why', () => {
    const gathering = gather('responses')
    gathering.whole({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      output: [{ type: 'reasoning' }, { content: [{ text: 'to be' }, { refusal: ' or not' }] }],
    })
    const { text, attributes } = gathering.answer()
    expect(text).toBe('to be or not')
    expect(attributes['gen_ai.response.finish_reasons']).toEqual(['max_output_tokens'])
  })

  test('that came as a stream is its deltas, until the whole is told', () => {
    const gathering = gather('responses')
    gathering.item({ type: 'response.output_text.delta', delta: 'so ' })
    gathering.item({ type: 'response.output_text.delta', delta: 'far' })
    expect(gathering.answer().text).toBe('so far')
    gathering.item({ type: 'response.completed', response: { output: [{ content: [{ text: 'in full' }] }] } })
    expect(gathering.answer().text).toBe('in full')
  })

  test.each([
    [{ type: 'error', code: 'rate_limit_exceeded' }, 'rate_limit_exceeded'],
    [{ type: 'error' }, 'response_failed'],
    [{ type: 'response.failed', response: { status: 'failed', error: { code: 'server_error' } } }, 'server_error'],
  ])('that says %j failed', (item, failure) => {
    const gathering = gather('responses')
    gathering.item(item)
    expect(gathering.answer().failure).toBe(failure)
  })
})
