import { defineTask, type Prediction } from '@groundtrace/core'
import { createPipeline, trackingIdOf } from '@groundtrace/instrumentation'
import { describe, expect, test } from 'vitest'
import { ENDS, versionIn, type End } from './installed-targets.ts'
import { ANSWER, CHAT, collectGarbage, TEXT, trackOpenAi } from './tracked-openai.ts'
import type OpenAI from 'openai'

const fail = (): never => {
  throw new Error('not yours')
}

describe.each(Object.keys(ENDS) as End[])('openai, %s supported version', (end) => {
  const openai = trackOpenAi(end)
  const { said, ids, errors, pipeline, folder } = openai

  test('is the version that is declared', () => {
    expect(openai.instrumentation.reports()).toEqual([
      expect.objectContaining({ module: 'openai', version: versionIn(folder, 'openai') }),
    ])
    expect(openai.instrumentation.reports()[0]?.patched).toContain('Completions.create')
  })

  test('a completion is one prediction, whose ID the caller can ask for', async () => {
    const completion = await openai.client.chat.completions.create(CHAT)
    expect(completion.choices[0]?.message.content).toBe(TEXT)
    expect(said()).toEqual([TEXT])
    expect(ids()).toEqual([trackingIdOf(completion)])
    expect(openai.records[0]?.attributes).toMatchObject({
      'groundtrace.task.name': 'answer',
      'groundtrace.model.name': 'gpt-test',
      'groundtrace.model.version': 'gpt-test-2024-07-18',
      'groundtrace.prediction.latency': expect.any(Number) as number,
    })
  })

  test("the promise is the client's own, with all its helpers, and is sent once", async () => {
    const promise = openai.client.chat.completions.create(CHAT)
    expect(promise.constructor.name).toBe('APIPromise')
    const { data, response } = await promise.withResponse()
    expect([data.choices[0]?.message.content, response.status]).toEqual([TEXT, 200])
    expect(await promise).toBe(data)
    expect(said()).toEqual([TEXT])
  })

  test('a promise that was transformed, as the helpers of the client do, is one prediction', async () => {
    const promise = openai.client.chat.completions.create(CHAT) as unknown as {
      _thenUnwrap: (transform: (completion: OpenAI.ChatCompletion) => object) => Promise<{ first: string }>
    }
    const unwrapped = await promise._thenUnwrap(({ choices }) => ({ first: choices[0]?.message.content }))
    expect(unwrapped.first).toBe(TEXT)
    expect([said(), ids()]).toEqual([[TEXT], [trackingIdOf(unwrapped)]])
  })

  test('a response that the caller reads itself comes untouched', async () => {
    const response = await openai.client.chat.completions.create(CHAT).asResponse()
    expect(response.bodyUsed).toBe(false)
    expect(((await response.json()) as OpenAI.ChatCompletion).id).toBe('chatcmpl-1')
    expect(openai.records).toEqual([])
    expect(pipeline.loss()).toEqual({})
  })

  test('nothing is read before somebody asks', async () => {
    const promise = openai.client.chat.completions.create(CHAT)
    await new Promise((resolve) => setImmediate(resolve))
    expect(openai.records).toEqual([])
    expect((await promise).id).toBe('chatcmpl-1')
    expect(openai.records).toHaveLength(1)
  })

  test('a stream is one prediction, which ends when the stream does', async () => {
    const stream = await openai.client.chat.completions.create({ ...CHAT, stream: true })
    const trackingId = trackingIdOf(stream)
    let text = ''
    for await (const chunk of stream) {
      expect(openai.records).toEqual([])
      text += chunk.choices[0]?.delta.content ?? ''
    }
    expect(text).toBe(TEXT)
    expect([said(), ids()]).toEqual([[TEXT], [trackingId]])
  })

  test('a stream whose reader stops ends with what came, and its request is cut off', async () => {
    const before = openai.server.cutOff()
    const stream = await openai.client.chat.completions.create({ ...CHAT, model: 'endless', stream: true })
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content === ' from') break
    expect(said()).toEqual(['Hello from'])
    await expect.poll(() => openai.server.cutOff()).toBe(before + 1)
  })

  test('a stream that is aborted ends with what came', async () => {
    const stream = await openai.client.chat.completions.create({ ...CHAT, model: 'endless', stream: true })
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content === ' from') stream.controller.abort()
    expect(said()).toEqual(['Hello from'])
  })

  test('a stream that is split is one prediction', async () => {
    const stream = await openai.client.chat.completions.create({ ...CHAT, stream: true })
    const [left, right] = stream.tee()
    const texts = await Promise.all(
      [left, right].map(async (branch) => {
        let text = ''
        for await (const chunk of branch) text += chunk.choices[0]?.delta.content ?? ''
        return text
      }),
    )
    expect(texts).toEqual([TEXT, TEXT])
    expect(said()).toEqual([TEXT])
  })

  test('a stream that is passed on as bytes is one prediction', async () => {
    const stream = await openai.client.chat.completions.create({ ...CHAT, stream: true })
    const lines = (await new Response(stream.toReadableStream()).text()).trim().split('\n')
    expect(lines).toHaveLength(6)
    expect(said()).toEqual([TEXT])
  })

  test('what fails is a prediction that failed, and the caller gets the error of the client', async () => {
    const failing = openai.client.chat.completions.create({ ...CHAT, model: 'missing' })
    await expect(failing).rejects.toMatchObject({ status: 404, code: 'model_not_found' })
    expect(errors()).toEqual(['NotFoundError'])
  })

  test('a failure that only the response is asked for is told as well', async () => {
    await expect(openai.client.chat.completions.create({ ...CHAT, model: 'missing' }).asResponse()).rejects.toThrow(
      '404',
    )
    expect(errors()).toEqual(['NotFoundError'])
  })

  test('a request that is aborted is a prediction that failed', async () => {
    const controller = new AbortController()
    const pending = openai.client.chat.completions.create({ ...CHAT, model: 'silent' }, { signal: controller.signal })
    controller.abort()
    await expect(pending).rejects.toThrow('Request was aborted.')
    expect(errors()).toEqual(['APIUserAbortError'])
  })

  test('a request that nobody handled the failure of is still unhandled', async () => {
    const reasons: unknown[] = []
    const listeners = process.listeners('unhandledRejection')
    process.removeAllListeners('unhandledRejection')
    process.on('unhandledRejection', (reason) => reasons.push(reason))
    try {
      void openai.client.chat.completions.create({ ...CHAT, model: 'missing' })
      await expect.poll(() => reasons).toHaveLength(1)
      expect(reasons[0]).toMatchObject({ status: 404 })
    } finally {
      process.removeAllListeners('unhandledRejection')
      for (const listener of listeners) process.on('unhandledRejection', listener)
    }
  })

  test.each<[string, () => unknown]>([
    ['a promise', () => void openai.client.chat.completions.create(CHAT)],
    ['a stream', async () => void (await openai.client.chat.completions.create({ ...CHAT, stream: true }))],
  ])('%s that everybody forgot ends its prediction, whose answer is counted as lost', async (_, ask) => {
    const losing = createPipeline({ processors: [] })
    openai.instrumentation.setConfig({ pipeline: losing, openai: [{ task: ANSWER }] })
    await ask()
    await expect
      .poll(() => {
        collectGarbage()
        return losing.loss()
      })
      .toEqual({ 'answer-forgotten': 1 })
  })

  test('after disabling, and after enabling again, each call is tracked as often as it should be', async () => {
    const prototype = Object.getPrototypeOf(openai.client.chat.completions) as { create: () => unknown }
    const tracking = prototype.create
    openai.instrumentation.disable()
    expect(prototype.create).not.toBe(tracking)
    await openai.client.chat.completions.create(CHAT)
    expect(said()).toEqual([])
    openai.instrumentation.enable()
    await openai.client.chat.completions.create(CHAT)
    expect(said()).toEqual([TEXT])
  })

  // What the lowest version does not have yet.
  describe.each(end === 'latest' ? ['newer interfaces'] : [])('%s', () => {
    test('the helper that parses structured answers is tracked, and its failures are', async () => {
      const parsed = await openai.client.chat.completions.parse(CHAT)
      expect(parsed.choices[0]?.message.content).toBe(TEXT)
      expect([said(), ids()]).toEqual([[TEXT], [trackingIdOf(parsed)]])
      await expect(openai.client.chat.completions.parse({ ...CHAT, model: 'missing' })).rejects.toThrow('404')
      expect(errors()).toEqual([undefined, 'NotFoundError'])
    })

    test('a response is one prediction, whole or as a stream', async () => {
      const asked = { model: 'gpt-test', input: 'hello' }
      expect((await openai.client.responses.create(asked)).output_text).toBe(TEXT)
      let text = ''
      for await (const event of await openai.client.responses.create({ ...asked, stream: true })) {
        if (event.type === 'response.output_text.delta') text += event.delta
      }
      expect(text).toBe(TEXT)
      expect(said()).toEqual([TEXT, TEXT])
    })

    test('a response that says that it failed is a prediction that failed', async () => {
      const asked = { model: 'failing', input: 'hello' }
      expect((await openai.client.responses.create(asked)).status).toBe('failed')
      for await (const _ of await openai.client.responses.create({ ...asked, stream: true }));
      expect(errors()).toEqual(['server_error', 'server_error'])
    })

    test('the helpers for streams are tracked by the request that they make', async () => {
      const stream = openai.client.chat.completions.stream(CHAT)
      expect(await stream.finalContent()).toBe(TEXT)
      expect(said()).toEqual([TEXT])
    })
  })

  test('a declaration says what the text means, and what the service knows beside', async () => {
    const spam = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'] })
    openai.instrumentation.setConfig({
      pipeline,
      openai: [
        { match: 'other', task: ANSWER },
        {
          match: ({ api, model }) => api === 'chat.completions' && model === 'gpt-test',
          task: spam,
          model: { name: 'judge', version: '7' },
          describe: ({ text, body }) => ({
            value: text.includes('server') ? 'spam' : 'ham',
            entity: String((body as typeof CHAT).messages[0]?.content),
          }),
        },
      ],
    })
    await openai.client.chat.completions.create(CHAT)
    await openai.client.chat.completions.create({ ...CHAT, model: 'undeclared' })
    expect(openai.records.map(({ attributes }) => attributes)).toMatchObject([
      {
        'groundtrace.prediction.value': 'spam',
        'groundtrace.model.name': 'judge',
        'groundtrace.model.version': '7',
        'groundtrace.entity': 'hello',
      },
    ] satisfies readonly Partial<Record<string, Prediction['value']>>[])
  })

  test('a declaration that throws harms nothing but its own event', async () => {
    const losing = createPipeline({ processors: [] })
    openai.instrumentation.setConfig({
      pipeline: losing,
      openai: [
        { match: fail, task: ANSWER },
        { task: ANSWER, describe: fail },
      ],
    })
    const completion = await openai.client.chat.completions.create(CHAT)
    expect(completion.id).toBe('chatcmpl-1')
    expect(losing.loss()).toEqual({ 'describe-failed': 1 })
  })
})
