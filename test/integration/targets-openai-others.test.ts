import {
  PredictionInstrumentation,
  trackingIdOf,
  type PredictionInstrumentationConfig,
} from '@groundtrace/instrumentation'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { ENDS, installTargets, type End } from './installed-targets.ts'
import { OTHERS } from './other-instrumentations.ts'
import { ANSWER, CHAT, TEXT, trackOpenAi } from './tracked-openai.ts'
import type OpenAI from 'openai'

const require = createRequire(join(import.meta.dirname, '../../hosts/peers/package.json'))

interface Owner {
  create: (this: unknown, ...args: unknown[]) => unknown
}

describe.each(Object.keys(ENDS) as End[])(
  'openai, %s supported version, beside the instrumentation of others',
  (end) => {
    const openai = trackOpenAi(end)
    const { said, ids } = openai
    const owner = (): Owner => Object.getPrototypeOf(openai.client.chat.completions) as Owner
    const undo: (() => void)[] = []
    afterEach(() => {
      openai.instrumentation.disable()
      for (const action of undo.splice(0).toReversed()) action()
      openai.instrumentation.enable()
    })

    describe.each(Object.keys(OTHERS))('%s', (other) => {
      // Arize-ai/openinference#2119, getsentry/sentry-javascript#19684: one call, counted twice.
      test.each(['on top of ours', 'below ours'])(
        'that is %s, each call is tracked once, and gives what it gives',
        async (order) => {
          if (order === 'below ours') openai.instrumentation.disable()
          undo.push(OTHERS[other]?.(owner()) ?? (() => {}))
          openai.instrumentation.enable()

          const completion = await openai.client.chat.completions.create(CHAT)
          expect(completion.choices[0]?.message.content).toBe(TEXT)
          expect(await readAll(openai.client)).toBe(TEXT)
          expect(said()).toEqual([TEXT, TEXT])
          expect(ids()[0]).toBe(trackingIdOf(completion))
          await expect(openai.client.chat.completions.create({ ...CHAT, model: 'missing' })).rejects.toMatchObject({
            status: 404,
          })
          expect(openai.errors()).toEqual([undefined, undefined, 'NotFoundError'])
        },
      )

      test('that comes on top and goes on when we are gone, works, and is tracked once when we are back', async () => {
        undo.push(OTHERS[other]?.(owner()) ?? (() => {}))
        openai.instrumentation.disable()
        expect(await readAll(openai.client)).toBe(TEXT)
        expect(said()).toEqual([])
        openai.instrumentation.enable()
        expect(await readAll(openai.client)).toBe(TEXT)
        expect(said()).toEqual([TEXT])
      })
    })

    test('a client in a proxy that wraps what it calls, as some observe clients, is tracked once', async () => {
      const observed = observe(openai.client)
      expect(await readAll(observed)).toBe(TEXT)
      expect((await observed.chat.completions.create(CHAT)).id).toBe('chatcmpl-1')
      expect(said()).toEqual([TEXT, TEXT])
    })

    test('a client that langsmith wraps is tracked once', async () => {
      const { wrapOpenAI } = require('langsmith/wrappers') as {
        wrapOpenAI: (client: OpenAI, options: object) => OpenAI
      }
      const wrapped = wrapOpenAI(openai.client, { tracingEnabled: false })
      expect((await wrapped.chat.completions.create(CHAT)).choices[0]?.message.content).toBe(TEXT)
      expect(await readAll(wrapped)).toBe(TEXT)
      expect(said()).toEqual([TEXT, TEXT])
    })

    test('enabled again and again, it patches once; disabled, the very functions of the library are back', async () => {
      openai.instrumentation.disable()
      const original = owner().create
      expect(original.toString()).not.toContain('trackers')
      openai.instrumentation.enable()
      const tracking = owner().create
      expect(tracking).not.toBe(original)
      openai.instrumentation.enable()
      expect(owner().create).toBe(tracking)
      await openai.client.chat.completions.create(CHAT)
      expect(said()).toEqual([TEXT])
      openai.instrumentation.disable()
      openai.instrumentation.disable()
      expect(owner().create).toBe(original)
      openai.instrumentation.enable()
    })

    test('of two instrumentations the one that came last tracks, and the first goes on when that is disabled', async () => {
      const tracking: string[] = []
      const { pipeline, instrumentation, server, folder } = openai
      const declared = (name: string): PredictionInstrumentationConfig => ({
        pipeline,
        openai: [{ task: ANSWER, describe: () => (tracking.push(name), {}) }],
      })
      instrumentation.setConfig(declared('first'))
      const second = new PredictionInstrumentation(declared('second'))
      // A copy that nobody loaded yet: whoever comes after a library was loaded does not see it.
      const copy = join(folder, 'copy')
      installTargets(end, copy, ['openai'])
      const Client = createRequire(join(copy, 'main.cjs'))('openai') as typeof OpenAI
      const client = new Client({ apiKey: 'none', baseURL: server.url })
      await client.chat.completions.create(CHAT)
      second.disable()
      await client.chat.completions.create(CHAT)
      second.enable()
      await client.chat.completions.create(CHAT)
      second.disable()
      expect(tracking).toEqual(['second', 'first', 'second'])
      expect(said()).toEqual([TEXT, TEXT, TEXT])
    })
  },
)

/** A client whose methods are wrapped on the way, with their promises awaited and given on. */
function observe<T extends object>(observed: T): T {
  return new Proxy(observed, {
    get(target, key, receiver) {
      const value: unknown = Reflect.get(target, key, receiver)
      if (typeof value === 'function') return (...args: unknown[]): unknown => Reflect.apply(value, target, args)
      return typeof value === 'object' && value !== null && !(key as string).startsWith?.('_') ? observe(value) : value
    },
  })
}

async function readAll(client: OpenAI): Promise<string> {
  let text = ''
  for await (const chunk of await client.chat.completions.create({ ...CHAT, stream: true })) {
    text += chunk.choices[0]?.delta.content ?? ''
  }
  return text
}
