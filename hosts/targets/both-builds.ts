import OpenAI from 'openai'
import { createRequire } from 'node:module'

/**
 * `node both-builds.ts <server>`: a service that imports a library, and depends on something that requires it. The library
 * is there twice then, with classes of its own each time.
 */
const [server = ''] = process.argv.slice(2)
const Required = createRequire(import.meta.url)('openai') as typeof OpenAI
const said: unknown[] = []
for (const Client of [OpenAI, Required]) {
  const client = new Client({ apiKey: 'none', baseURL: server, maxRetries: 0 })
  const completion = await client.chat.completions.create({
    model: 'gpt-test',
    messages: [{ role: 'user', content: 'hello' }],
  })
  said.push(completion.choices[0]?.message.content)
}
process.stdout.write(JSON.stringify({ areTwo: Required !== OpenAI, said }))
