import type { default as OpenAI } from 'openai'
import type * as Ort from 'onnxruntime-node'

/** What a program that knows nothing of us got from its libraries. */
export interface Got {
  readonly completion: string | null | undefined
  readonly streamed: string
  readonly failed: string
  readonly speech: number
  readonly undeclared: string | null | undefined
}

/** `node main.ts <server> <model file>`: asks each library what a service would ask it. */
export async function predict(Client: typeof OpenAI, ort: typeof Ort): Promise<Got> {
  const [server = '', file = ''] = process.argv.slice(2)
  const client = new Client({ apiKey: 'none', baseURL: server, maxRetries: 0 })
  const request = {
    model: 'gpt-test',
    messages: [{ role: 'user' as const, content: 'hello' }],
    temperature: 0.5,
    max_tokens: 64,
    seed: 7,
    stop: '!',
  }
  const completion = await client.chat.completions.create(request)
  let streamed = ''
  for await (const chunk of await client.chat.completions.create({ ...request, stream: true })) {
    streamed += chunk.choices[0]?.delta.content ?? ''
  }
  const failed = await client.chat.completions
    .create({ ...request, model: 'missing' })
    .then(() => 'answered')
    .catch((error: Error) => error.constructor.name)
  const undeclared = await client.chat.completions.create({ ...request, model: 'other' })

  const session = await ort.InferenceSession.create(file, { logSeverityLevel: 3 })
  const outputs = await session.run({
    input: new ort.Tensor('float32', new Float32Array(512), [1, 512]),
    state: new ort.Tensor('float32', new Float32Array(256), [2, 1, 128]),
    sr: new ort.Tensor('int64', BigInt64Array.of(16_000n), [1]),
  })
  return {
    completion: completion.choices[0]?.message.content,
    streamed,
    failed,
    speech: Number(outputs['output']?.data[0]),
    undeclared: undeclared.choices[0]?.message.content,
  }
}
