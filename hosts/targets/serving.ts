import type { default as OpenAI } from 'openai'

const say = (what: string): void => void process.stdout.write(`${what}\n`)

/** Runs until it is told to end. */
const running = setInterval(() => {}, 60_000)

/** How the service hears of its end. */
const LISTENERS: Readonly<Record<string, () => void>> = {
  /** It does not: a signal ends it at once. */
  silently: () => {},
  /** It closes what it has open, and ends by itself. */
  closing: () => void process.once('SIGTERM', () => clearInterval(running)),
  /** It takes its time, as long as its standard input says nothing, and leaves. */
  exiting: () =>
    void process.once('SIGTERM', () => {
      say('exiting')
      process.stdin.once('data', () => process.exit(3))
    }),
  /** It has nothing more to do. */
  done: () => clearInterval(running),
}

/** `node serving.ts <itself|started> <server> <listener>`: a service that asks a model once, and runs on. */
export async function serve(Client: typeof OpenAI): Promise<void> {
  const [server = '', listener = ''] = process.argv.slice(3)
  LISTENERS[listener]?.()
  const client = new Client({ apiKey: 'none', baseURL: server, maxRetries: 0 })
  await client.chat.completions.create({ model: 'gpt-test', messages: [{ role: 'user', content: 'hello' }] })
  say('ready')
}
