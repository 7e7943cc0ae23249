import { isMainThread, Worker } from 'node:worker_threads'

/** `node in-worker.ts <server>`: a service that asks its models in a thread of its own, and not in this one. */
const [server = ''] = process.argv.slice(2)
if (isMainThread) {
  const worker = new Worker(import.meta.filename, { argv: [server] })
  worker.once('exit', (code) => (process.exitCode = code))
} else {
  const { default: OpenAI } = await import('openai')
  const client = new OpenAI({ apiKey: 'none', baseURL: server, maxRetries: 0 })
  const completion = await client.chat.completions.create({
    model: 'gpt-test',
    messages: [{ role: 'user', content: 'hello' }],
  })
  process.stdout.write(JSON.stringify({ said: completion.choices[0]?.message.content }))
}
