import { defineTask, trackingId, type Answer } from '@groundtrace/core'
import { createFeedbackTracer, tracePrediction, type FeedbackReceipt } from '@groundtrace/instrumentation'
import OpenAI from 'openai'
import * as ort from 'onnxruntime-node'
import { readFileSync } from 'node:fs'
import config from './groundtrace.config.ts'

/**
 * `node conventions.ts <server> <model file>`: a service that has everything said that there is to say, by functions,
 * sessions, requests and feedback.
 */
const [server = '', file = ''] = process.argv.slice(2)
const { pipeline } = config
if (pipeline === undefined) throw new Error('The configuration has no pipeline')

const spam = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'] })
const classify = tracePrediction((text: string) => text.length > 3, {
  task: spam,
  model: { name: 'filter', version: '1' },
  pipeline,
  features: { length: 'keep' },
  describe: (isSpam, { args: [text] }) => ({
    value: isSpam ? 'spam' : 'ham',
    scores: { spam: isSpam ? 0.9 : 0.1 },
    features: { length: text.length },
    slices: { language: 'en' },
    entity: 'mail-1',
    user: 'bob@example.com',
    policy: { variant: 'b', action: 'block', propensity: 0.5, explored: true },
  }),
})
const ensemble = tracePrediction(async () => (await classify('hello')).value, {
  task: spam,
  model: { name: 'ensemble', version: '1' },
  pipeline,
  describe: (isSpam) => ({ value: isSpam ? 'spam' : 'ham' }),
})
const agent = tracePrediction(() => ask({ model: 'gpt-test' }), {
  task: defineTask({ name: 'answer', kind: 'generation' }),
  model: { name: 'agent', version: '1' },
  pipeline,
  describe: () => ({ value: 'Hello' }),
})
const versions = ['1', '2'].values()
const rolledOut = tracePrediction(() => true, {
  task: spam,
  model: () => ({ name: 'rolled-out', version: versions.next().value ?? '2' }),
  pipeline,
  describe: () => ({ value: 'spam' }),
})
const failing = tracePrediction(
  (): string => {
    throw new RangeError('no weights')
  },
  { task: spam, model: { name: 'broken', version: '1' }, pipeline, describe: (value) => ({ value }) },
)

const client = new OpenAI({ apiKey: 'none', baseURL: server, maxRetries: 0 })

async function ask(more: object): Promise<void> {
  const messages = [{ role: 'user' as const, content: 'hello' }]
  const body = { model: 'gpt-test', messages, ...more } as OpenAI.ChatCompletionCreateParams
  const answer = await client.chat.completions.create(body)
  if (Symbol.asyncIterator in answer) for await (const _ of answer);
}

async function respond(more: object): Promise<void> {
  const body = { model: 'gpt-test', input: 'hello', ...more } as OpenAI.Responses.ResponseCreateParams
  const answer = await client.responses.create(body)
  if (Symbol.asyncIterator in answer) for await (const _ of answer);
}

await ensemble()
await agent()
await rolledOut()
await rolledOut()
await failing().catch(() => {})
await ask({
  n: 2,
  frequency_penalty: 0.1,
  presence_penalty: 0.2,
  max_completion_tokens: 64,
  seed: 7,
  stop: '!',
  temperature: 0.5,
  top_p: 0.9,
  service_tier: 'default',
  response_format: { type: 'json_object' },
})
await ask({ model: 'thinking', stream: true, stream_options: { include_usage: true } })
await ask({ model: 'missing' }).catch(() => {})
await respond({ model: 'thinking', conversation: 'conv_1', text: { format: { type: 'text' } } })
await respond({ stream: true })
await respond({ model: 'failing' })

const session = await ort.InferenceSession.create(file, { logSeverityLevel: 3 })
// From memory it has no path, and so no declaration.
const undeclared = await ort.InferenceSession.create(readFileSync(file), { logSeverityLevel: 3 })
const feeds = {
  input: new ort.Tensor('float32', new Float32Array(512), [1, 512]),
  state: new ort.Tensor('float32', new Float32Array(256), [2, 1, 128]),
  sr: new ort.Tensor('int64', BigInt64Array.of(16_000n), [1]),
}
await session.run(feeds)
await undeclared.run(feeds)

const receive = createFeedbackTracer({ pipeline, task: spam })
const batch = tracePrediction(() => [true], {
  task: spam,
  model: { name: 'filter', version: '1' },
  pipeline,
  rows: () => 1,
  describe: () => ({ value: 'spam' }),
})
const prediction = trackingId((await batch()).trackingIds[0] ?? '')
const said = (answer: Answer, more: object = {}): FeedbackReceipt =>
  receive({ target: { prediction }, source: 'recipient', ...answer, ...more })
const corrected = said(
  { kind: 'correction', label: 'ham' },
  { user: 'bob@example.com', comment: 'no', propensity: 0.5 },
)
const earlier = corrected.status === 'rejected' ? prediction : corrected.id
said({ kind: 'rating', right: false }, { supersedes: earlier })
said({ kind: 'retraction', retracts: earlier })
said({ kind: 'stars', stars: 4 })
said({ kind: 'annotation', label: 'ham', by: 'crowd', posterior: 0.9, method: 'majority' })
said({ kind: 'acceptance', editRate: 0.1 })
said({ kind: 'action', action: 'click', item: 'mail-1' })
said({ kind: 'harm', report: 'it hurt' })
receive({ target: { prediction }, source: 'recipient', kind: 'stars', stars: 9 as 1 })
