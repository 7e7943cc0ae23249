import { describe, expect, test } from 'vitest'
import { gather } from '../../../src/targets/openai/answer.ts'

const choice = (content: string, index = 0, finish_reason: string | null = null): object => ({
  choices: [{ index, delta: { content }, finish_reason }],
})

describe('a stream of chat completions', () => {
  test('is the text of each choice, with the reasons of all', () => {
    const gathering = gather('chat.completions')
    for (const item of [choice('a'), choice('x', 1), choice('b', 0, 'stop'), choice('y', 1, 'length')]) {
      gathering.item(item)
    }
    const { said, attributes } = gathering.answer()
    expect(said.map(({ text }) => text)).toEqual(['ab', 'xy'])
    expect(attributes['gen_ai.response.finish_reasons']).toEqual(['stop', 'length'])
  })

  test('is kept to 16,384 characters, and never ends in half of one', () => {
    const gathering = gather('chat.completions')
    gathering.item(choice('x'.repeat(16_383)))
    expect(gathering.answer().said[0]?.isTruncated).toBe(false)
    gathering.item(choice('😀'))
    const [said] = gathering.answer().said
    expect([said?.text.length, said?.isTruncated, said?.text.isWellFormed()]).toEqual([16_384, true, true])
  })

  // Found by others: open-telemetry/opentelemetry-js-contrib has a test for chunks without a list of choices.
  test.each([
    undefined,
    null,
    1,
    'text',
    [],
    { choices: 'none' },
    { choices: [null, 1, {}] },
    { choices: [{ index: -1, delta: { content: 'x' } }] },
    { choices: [{ index: 1e9, delta: { content: 'x' } }] },
    { choices: [{ index: 0.5, delta: { content: 'x' } }] },
    { choices: [{ index: 0, delta: { tool_calls: [{ index: 1e9, function: { name: 'x' } }] } }] },
    { choices: [{ index: 0, delta: { tool_calls: 'none', function_call: null } }] },
  ])('bears items of any other form: %j', (item) => {
    const gathering = gather('chat.completions')
    gathering.item(item)
    gathering.whole(item)
    expect(gathering.answer()).toMatchObject({ said: [{ text: '' }], model: undefined, failure: undefined })
  })
})

describe('the tools that an answer calls', () => {
  test('stand below its text, a line each', () => {
    const gathering = gather('chat.completions')
    gathering.whole({
      choices: [
        {
          message: {
            content: 'One moment.',
            tool_calls: [
              { id: 'a', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Paris"}' } },
              { id: 'b', type: 'custom', custom: { name: 'run', input: 'ls' } },
            ],
          },
        },
      ],
    })
    expect(gathering.answer().said).toMatchObject([{ text: 'One moment.\nget_weather({"city":"Paris"})\nrun(ls)' }])
  })

  test('come in parts, in whatever order', () => {
    const gathering = gather('chat.completions')
    const parts = [
      { index: 0, id: 'a', function: { name: 'get_weather', arguments: '' } },
      { index: 1, id: 'b', function: { name: 'get_time', arguments: '{' } },
      { index: 0, function: { arguments: '{"city":' } },
      { index: 1, function: { arguments: '}' } },
      { index: 0, function: { arguments: '"Paris"}' } },
    ]
    for (const part of parts) gathering.item({ choices: [{ index: 0, delta: { tool_calls: [part] } }] })
    expect(gathering.answer().said).toMatchObject([{ text: 'get_weather({"city":"Paris"})\nget_time({})' }])
  })

  test('may be the one function of older models', () => {
    const gathering = gather('chat.completions')
    gathering.whole({ choices: [{ message: { content: null, function_call: { name: 'get_time', arguments: '{}' } } }] })
    expect(gathering.answer().said).toMatchObject([{ text: 'get_time({})' }])
  })

  test('are kept to 16,384 characters with the text', () => {
    const gathering = gather('chat.completions')
    const call = { function: { name: 'write', arguments: 'x'.repeat(20_000) } }
    gathering.whole({ choices: [{ message: { content: null, tool_calls: [call] } }] })
    const [said] = gathering.answer().said
    expect([said?.text.length, said?.isTruncated]).toEqual([16_384, true])
  })

  test('of a response are outputs of it, whole or in parts', () => {
    const output = [
      { type: 'reasoning', summary: [] },
      { type: 'message', content: [{ type: 'output_text', text: 'One moment.' }] },
      { type: 'function_call', name: 'get_weather', arguments: '{"city":"Paris"}' },
      { type: 'custom_tool_call', name: 'run', input: 'ls' },
    ]
    const whole = gather('responses')
    whole.whole({ output })
    expect(whole.answer().said).toMatchObject([{ text: 'One moment.\nget_weather({"city":"Paris"})\nrun(ls)' }])

    const parts = gather('responses')
    parts.item({ type: 'response.output_item.added', output_index: 1, item: { type: 'message' } })
    parts.item({ type: 'response.output_text.delta', output_index: 1, delta: 'One moment.' })
    parts.item({
      type: 'response.output_item.added',
      output_index: 2,
      item: { type: 'function_call', name: 'get_weather', arguments: '' },
    })
    for (const delta of ['{"city":', '"Paris"}']) {
      parts.item({ type: 'response.function_call_arguments.delta', output_index: 2, delta })
    }
    parts.item({
      type: 'response.output_item.added',
      output_index: 3,
      item: { type: 'custom_tool_call', name: 'run' },
    })
    parts.item({ type: 'response.custom_tool_call_input.delta', output_index: 3, delta: 'ls' })
    expect(parts.answer().said).toEqual(whole.answer().said)
    parts.item({ type: 'response.completed', response: { output } })
    expect(parts.answer().said).toEqual(whole.answer().said)
  })
})

describe('what was used', () => {
  // openai/openai-node: CompletionUsage and ResponseUsage. open-telemetry/semantic-conventions-genai: docs/gen-ai/openai.md.
  const USED = {
    'gen_ai.usage.input_tokens': 100,
    'gen_ai.usage.output_tokens': 50,
    'gen_ai.usage.cache_read.input_tokens': 60,
    'gen_ai.usage.cache_creation.input_tokens': 20,
    'gen_ai.usage.reasoning.output_tokens': 40,
  }

  test('is told by a completion', () => {
    const gathering = gather('chat.completions')
    const usage = {
      prompt_tokens: 100,
      completion_tokens: 50,
      prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 20 },
      completion_tokens_details: { reasoning_tokens: 40 },
    }
    gathering.item({ choices: [], usage })
    expect(gathering.answer().attributes).toEqual(USED)
  })

  test('is told by a response', () => {
    const gathering = gather('responses')
    const usage = {
      input_tokens: 100,
      output_tokens: 50,
      input_tokens_details: { cached_tokens: 60, cache_write_tokens: 20 },
      output_tokens_details: { reasoning_tokens: 40 },
    }
    gathering.whole({ usage })
    expect(gathering.answer().attributes).toEqual(USED)
  })
})

describe('a response', () => {
  test('that was cut short says why', () => {
    const gathering = gather('responses')
    gathering.whole({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      output: [{ type: 'reasoning' }, { content: [{ text: 'to be' }, { refusal: ' or not' }] }],
    })
    const { said, attributes } = gathering.answer()
    expect(said).toMatchObject([{ text: 'to be or not' }])
    expect(attributes['gen_ai.response.finish_reasons']).toEqual(['max_output_tokens'])
  })

  test('that came as a stream is its deltas, until the whole is told', () => {
    const gathering = gather('responses')
    gathering.item({ type: 'response.output_text.delta', delta: 'so ' })
    gathering.item({ type: 'response.output_text.delta', delta: 'far' })
    expect(gathering.answer().said).toMatchObject([{ text: 'so far' }])
    gathering.item({ type: 'response.completed', response: { output: [{ content: [{ text: 'in full' }] }] } })
    expect(gathering.answer().said).toMatchObject([{ text: 'in full' }])
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
