import { createPipeline, trackingIdOf, trackingIdsOf } from '@groundtrace/instrumentation'
import { describe, expect, test } from 'vitest'
import { ENDS, type End } from './installed-targets.ts'
import { ANSWER, CHAT, collectGarbage, TEXT, trackOpenAi } from './tracked-openai.ts'
import type OpenAI from 'openai'

/** What others instrumented `openai` with, and what it broke or lost: each test names where it was told. */
describe.each(Object.keys(ENDS) as End[])('openai, %s supported version', (end) => {
  const openai = trackOpenAi(end)
  const { said, ids, errors, pipeline } = openai
  const chat = (): OpenAI.Chat.Completions => openai.client.chat.completions
  /** Where the helpers of this version are. */
  const helpers = (): OpenAI.Chat.Completions =>
    end === 'latest' ? chat() : (openai.client.beta as unknown as { chat: OpenAI.Chat }).chat.completions

  const TOOL = {
    type: 'function' as const,
    function: {
      name: 'get_weather',
      description: 'The weather of a city',
      parameters: { type: 'object', properties: { city: { type: 'string' } } },
      parse: JSON.parse,
      function: ({ city }: { city: string }) => `Rain in ${city}`,
    },
  }

  // open-telemetry/opentelemetry-js-contrib#3286: `withResponse is not a function` on a stream.
  test('a stream comes with its response as well', async () => {
    const { data, response } = await chat()
      .create({ ...CHAT, stream: true })
      .withResponse()
    expect(response.status).toBe(200)
    let text = ''
    for await (const chunk of data) text += chunk.choices[0]?.delta.content ?? ''
    expect([text, ...said(), ...ids()]).toEqual([TEXT, TEXT, trackingIdOf(data)])
  })

  // open-telemetry/opentelemetry-js-contrib#3586, openai/openai-node#1307: the body read twice by helpers.
  test('the helper that calls tools runs to its end, and each of its requests is a prediction', async () => {
    const runner = helpers().runTools({ ...CHAT, model: 'tools', tools: [TOOL] })
    expect(await runner.finalContent()).toBe(TEXT)
    expect(said()).toEqual(['get_weather({"city":"Paris"})', TEXT])
  })

  test('the helper that calls tools does so with streams', async () => {
    const runner = helpers().runTools({ ...CHAT, model: 'tools', tools: [TOOL], stream: true })
    expect(await runner.finalContent()).toBe(TEXT)
    expect(said()).toEqual(['get_weather({"city":"Paris"})', TEXT])
  })

  test('the helper for streams is one prediction, also when it is stopped', async () => {
    expect(await helpers().stream(CHAT).finalContent()).toBe(TEXT)
    const stopped = helpers().stream({ ...CHAT, model: 'endless' })
    stopped.on('content', () => stopped.abort())
    await expect(stopped.done()).rejects.toThrow('aborted')
    await expect.poll(() => openai.records).toHaveLength(2)
    expect(said()[0]).toBe(TEXT)
  })

  // open-telemetry/opentelemetry-js-contrib#3667: one promise, several observers; a response taken before it is read.
  test('one promise that is asked in every way is one prediction', async () => {
    const promise = chat().create(CHAT)
    const [completion, { data }, response, again] = await Promise.all([
      promise,
      promise.withResponse(),
      promise.asResponse(),
      promise.then((value) => value),
    ])
    expect([data, again]).toEqual([completion, completion])
    expect(response.status).toBe(200)
    expect([said(), ids()]).toEqual([[TEXT], [trackingIdOf(completion)]])
  })

  test('a promise whose response is taken first, and whose answer is read then, is a prediction', async () => {
    const promise = chat().create(CHAT)
    expect((await promise.asResponse()).status).toBe(200)
    expect(said()).toEqual([])
    const completion = await promise
    expect([said(), ids()]).toEqual([[TEXT], [trackingIdOf(completion)]])
  })

  test('an answer that is no JSON is a prediction that failed, with the error of the client', async () => {
    // The lowest version reads by node-fetch.
    const name = end === 'latest' ? 'SyntaxError' : 'FetchError'
    await expect(chat().create({ ...CHAT, model: 'garbled' })).rejects.toMatchObject({ name })
    const promise = chat().create({ ...CHAT, model: 'garbled' })
    await promise.asResponse()
    await expect(promise).rejects.toMatchObject({ name })
    expect(errors()).toEqual([name, name])
  })

  test('a stream has the fields that it has without us', async () => {
    const tracked = await chat().create({ ...CHAT, stream: true })
    openai.instrumentation.disable()
    const untracked = await chat().create({ ...CHAT, stream: true })
    openai.instrumentation.enable()
    expect(Object.keys(tracked)).toEqual(Object.keys(untracked))
    expect(Object.getPrototypeOf(tracked)).toBe(Object.getPrototypeOf(untracked))
    for await (const _ of tracked);
    for await (const _ of untracked);
    expect(said()).toEqual([TEXT])
  })

  test('a stream that is read twice is one prediction, and the client says what it says', async () => {
    const stream = await chat().create({ ...CHAT, stream: true })
    for await (const _ of stream);
    const again = (async () => {
      for await (const _ of stream);
    })()
    await expect(again).rejects.toThrow('Cannot iterate over a consumed stream')
    expect([said(), errors()]).toEqual([[TEXT], [undefined]])
  })

  // Arize-ai/openinference#3790, openlit/openlit#1454: spans of abandoned streams that never end.
  test('a stream that is read in part and forgotten ends its prediction, whose answer is counted as lost', async () => {
    const losing = createPipeline({ processors: [] })
    openai.instrumentation.setConfig({ pipeline: losing, openai: [{ task: ANSWER }] })
    await readOne(chat())
    await expect
      .poll(() => {
        collectGarbage()
        return losing.loss()
      })
      .toEqual({ 'answer-forgotten': 1 })
  })

  test('a stream that is passed on as bytes and cancelled ends with what came', async () => {
    const stream = await chat().create({ ...CHAT, model: 'endless', stream: true })
    const reader = stream.toReadableStream().getReader()
    await reader.read()
    await reader.read()
    await reader.cancel()
    expect(said()).toEqual(['Hello'])
  })

  // Arize-ai/openinference#2515, openlit/openlit#1593: what came before a stream broke off is lost with its span.
  test('a stream that the server cuts off is a prediction that failed, and its reader gets the error', async () => {
    const stream = await chat().create({ ...CHAT, model: 'severed', stream: true })
    const heard: string[] = []
    const reading = (async () => {
      for await (const chunk of stream) heard.push(chunk.choices[0]?.delta.content ?? '')
    })()
    await expect(reading).rejects.toThrow(/terminated|aborted|Premature close/)
    expect(heard.join('')).toBe('Hello from')
    expect(errors()).toEqual([expect.stringMatching(/^[A-Z]\w*$/)])
  })

  // DataDog/dd-trace-js#4277 and others: the client changes what it does, or is asked twice.
  test('what is sent is what would be sent without us', async () => {
    const asked = { ...CHAT, n: 2, temperature: 0, stream: true as const }
    for await (const _ of await chat().create(asked));
    openai.instrumentation.disable()
    for await (const _ of await chat().create(asked));
    openai.instrumentation.enable()
    const [tracked, untracked] = openai.server.bodies().slice(-2)
    expect(tracked).toBe(untracked)
  })

  test('a request that the client makes again is one prediction', async () => {
    const completion = await chat().create({ ...CHAT, model: 'flaky' }, { maxRetries: 1 })
    expect(completion.choices[0]?.message.content).toBe(TEXT)
    expect([said(), errors()]).toEqual([[TEXT], [undefined]])
  })

  test.each([
    ['limited', 'RateLimitError'],
    ['broken', 'InternalServerError'],
    ['missing', 'NotFoundError'],
  ])('what the service refuses for model %s is a %s', async (model, error) => {
    await expect(chat().create({ ...CHAT, model })).rejects.toThrow(/4|5/)
    await expect(chat().create({ ...CHAT, model, stream: true })).rejects.toThrow(/4|5/)
    expect(errors()).toEqual([error, error])
  })

  test('a request that takes too long is a prediction that failed', async () => {
    await expect(chat().create({ ...CHAT, model: 'silent' }, { timeout: 20 })).rejects.toThrow('timed out')
    expect(errors()).toEqual(['APIConnectionTimeoutError'])
  })

  test('a server that is not there is a prediction that failed', async () => {
    const client = new openai.Client({ apiKey: 'none', baseURL: 'http://127.0.0.1:1/v1', maxRetries: 0 })
    await expect(client.chat.completions.create(CHAT)).rejects.toThrow('Connection error')
    expect(errors()).toEqual(['APIConnectionError'])
  })

  test('of several choices each is a prediction, with an ID of its own', async () => {
    const completion = await chat().create({ ...CHAT, n: 3 })
    expect(said()).toEqual([TEXT, `${TEXT} 1`, `${TEXT} 2`])
    expect(ids()).toEqual(trackingIdsOf(completion))
    expect(ids().map((id) => String(id).split('-')[2])).toEqual(['0', '1', '2'])
  })

  test('of several choices in a stream each is a prediction, whose IDs are known when it begins', async () => {
    const stream = await chat().create({ ...CHAT, n: 2, stream: true })
    const known = trackingIdsOf(stream)
    for await (const _ of stream);
    expect(said()).toEqual([TEXT, `${TEXT} 1`])
    expect([known, trackingIdsOf(stream)]).toEqual([ids(), ids()])
  })

  test('a request for several choices that fails is one prediction that failed', async () => {
    await expect(chat().create({ ...CHAT, model: 'missing', n: 3 })).rejects.toThrow('404')
    expect(errors()).toEqual(['NotFoundError'])
  })

  // What the lowest version does not have yet. openai/openai-node#1307, newrelic/node-newrelic#3382, langsmith-sdk#1366.
  describe.each(end === 'latest' ? ['structured answers and tools'] : [])('%s', () => {
    const WORD = {
      name: 'word',
      strict: true,
      schema: {
        type: 'object',
        properties: { word: { type: 'string' } },
        required: ['word'],
        additionalProperties: false,
      },
    }
    const STRUCTURED = '{"word":"Hello"}'
    const ASKED = { model: 'structured', input: 'hello' }

    test('of chat completions, parsed, whole and as a stream', async () => {
      const response_format = { type: 'json_schema' as const, json_schema: WORD }
      const asked = { ...CHAT, model: 'structured', response_format }
      const parsed = await chat().parse(asked)
      expect(parsed.choices[0]?.message.parsed).toEqual({ word: 'Hello' })
      const streamed = await chat().stream(asked).finalChatCompletion()
      expect(streamed.choices[0]?.message.parsed).toEqual({ word: 'Hello' })
      expect([said(), ids()[0]]).toEqual([[STRUCTURED, STRUCTURED], trackingIdOf(parsed)])
    })

    test('of responses, parsed, whole and as a stream', async () => {
      const text = { format: { type: 'json_schema' as const, ...WORD } }
      const parsed = await openai.client.responses.parse({ ...ASKED, text })
      expect(parsed.output_parsed).toEqual({ word: 'Hello' })
      const streamed = await openai.client.responses.stream({ ...ASKED, text }).finalResponse()
      expect(streamed.output_parsed).toEqual({ word: 'Hello' })
      expect([said(), ids()[0]]).toEqual([[STRUCTURED, STRUCTURED], trackingIdOf(parsed)])
    })

    test('of responses that call a tool, whole and as a stream', async () => {
      const asked = { model: 'tools', input: 'hello' }
      expect((await openai.client.responses.create(asked)).output[0]?.type).toBe('function_call')
      for await (const _ of await openai.client.responses.create({ ...asked, stream: true }));
      const call = 'get_weather({"city":"Paris"})'
      expect(said()).toEqual([call, call])
    })

    test('of a response with its response, and one that is taken as it came', async () => {
      const { data } = await openai.client.responses.create(ASKED).withResponse()
      expect((await openai.client.responses.create(ASKED).asResponse()).status).toBe(200)
      expect([said(), ids()]).toEqual([[STRUCTURED], [trackingIdOf(data)]])
    })
  })

  test('a declaration is told which choice it describes', async () => {
    openai.instrumentation.setConfig({
      pipeline,
      openai: [{ task: ANSWER, describe: ({ choice, text }) => ({ value: `${choice}: ${text}` }) }],
    })
    await chat().create({ ...CHAT, n: 2 })
    expect(said()).toEqual([`0: ${TEXT}`, `1: ${TEXT} 1`])
  })
})

/** Reads one item, and lets go of the stream. */
async function readOne(completions: OpenAI.Chat.Completions): Promise<void> {
  const stream = await completions.create({ ...CHAT, stream: true })
  await stream[Symbol.asyncIterator]().next()
}
