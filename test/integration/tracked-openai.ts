import { defineTask } from '@groundtrace/core'
import { EVENT_PREDICTION } from '@groundtrace/core/semconv'
import {
  createPipeline,
  PredictionInstrumentation,
  type EventRecord,
  type Pipeline,
} from '@groundtrace/instrumentation'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { unhandledRejections } from '../../packages/instrumentation/test/unhandled-rejections.ts'
import { installTargets, type End } from './installed-targets.ts'
import { startOpenAiServer, type OpenAiServer } from './openai-server.ts'
import type OpenAI from 'openai'

/** What the server says. */
export const TEXT = 'Hello from the server'
export const CHAT = { model: 'gpt-test', messages: [{ role: 'user' as const, content: 'hello' }] }
export const ANSWER = defineTask({ name: 'answer', kind: 'generation' })

/** Collects garbage, which Node does when it likes. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
}

/** One end of the versions of `openai`, tracked, with a client of a server of its own. What is in it is there in tests. */
export interface TrackedOpenAi {
  readonly server: OpenAiServer
  readonly client: OpenAI
  readonly Client: typeof OpenAI
  readonly instrumentation: PredictionInstrumentation
  readonly pipeline: Pipeline
  /** Where the library is installed; it is loaded from `main.cjs` there. */
  readonly folder: string
  /** Predictions of the test that runs. */
  readonly records: readonly EventRecord[]
  /** What the models said, in events of the test that runs. */
  readonly said: () => readonly unknown[]
  readonly ids: () => readonly unknown[]
  readonly errors: () => readonly unknown[]
}

/** Declares one model for all requests, before each test, and lets no rejection pass that nobody handled. */
export function trackOpenAi(end: End): TrackedOpenAi {
  const folder = mkdtempSync(join(tmpdir(), 'groundtrace-openai-'))
  const records: EventRecord[] = []
  const pipeline = createPipeline({
    processors: [
      {
        onEmit(record) {
          if (record.eventName === EVENT_PREDICTION) records.push(record)
        },
        forceFlush: async () => {},
        shutdown: async () => {},
      },
    ],
  })
  const tracked = {} as { -readonly [K in keyof TrackedOpenAi]: TrackedOpenAi[K] }
  const values = (name: string): readonly unknown[] => records.map(({ attributes }) => attributes[name])
  Object.assign(tracked, {
    folder,
    pipeline,
    records,
    said: () => values('groundtrace.prediction.value'),
    ids: () => values('groundtrace.tracking_id'),
    errors: () => values('error.type'),
  })

  beforeAll(async () => {
    tracked.server = await startOpenAiServer()
    installTargets(end, folder, ['openai'])
    tracked.instrumentation = new PredictionInstrumentation({ pipeline, openai: [{ task: ANSWER }] })
    tracked.Client = createRequire(join(folder, 'main.cjs'))('openai') as typeof OpenAI
    tracked.client = new tracked.Client({ apiKey: 'none', baseURL: tracked.server.url, maxRetries: 0 })
  })
  afterAll(async () => {
    tracked.instrumentation.disable()
    await tracked.server.close()
    rmSync(folder, { recursive: true, force: true })
  })

  unhandledRejections()
  beforeEach(() => {
    records.length = 0
    tracked.instrumentation.setConfig({ pipeline, openai: [{ task: ANSWER }] })
  })
  return tracked
}
