import { getActiveTrackingId, trackingIdOf } from '@groundtrace/instrumentation'
import { context } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ENDS, type End } from './installed-targets.ts'
import { CHAT, TEXT, trackOpenAi } from './tracked-openai.ts'

describe.each(Object.keys(ENDS) as End[])('openai, %s supported version', (end) => {
  const openai = trackOpenAi(end)
  const parents = (): readonly unknown[] =>
    openai.records.map(({ attributes }) => attributes['groundtrace.prediction.parent'])

  beforeEach(() => void context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()))
  afterEach(() => context.disable())

  test('sends its request in the context of the prediction, and leaves the caller in its own', async () => {
    const active: unknown[] = []
    const client = new openai.Client({
      apiKey: 'none',
      baseURL: openai.server.url,
      maxRetries: 0,
      fetch: async (url: string, init?: object) => {
        active.push(getActiveTrackingId())
        return fetch(url, init)
      },
    } as never)
    const completion = await client.chat.completions.create(CHAT)
    expect(active).toEqual([trackingIdOf(completion)])
    expect(getActiveTrackingId()).toBeUndefined()
  })

  // braintrustdata/braintrust-sdk-python#621: what comes later, nested in what came before.
  test('lets what comes after a request, or while a stream is read, be no part of it', async () => {
    const { completions } = openai.client.chat
    await completions.create(CHAT)
    let words = 0
    for await (const _ of await completions.create({ ...CHAT, stream: true })) {
      expect(getActiveTrackingId()).toBeUndefined()
      if ((words += 1) === 2) await completions.create(CHAT)
    }
    await completions.create(CHAT)
    expect(openai.said()).toEqual([TEXT, TEXT, TEXT, TEXT])
    expect(parents()).toEqual([undefined, undefined, undefined, undefined])
  })
})
