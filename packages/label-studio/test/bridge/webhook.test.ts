import { expect, test } from 'vitest'
import { hintQueue } from '../../src/bridge/hint-queue.ts'
import { createWebhook, WEBHOOK_SECRET_HEADER } from '../../src/bridge/webhook.ts'
import { BridgeWorld, CROWD, trackingIdOf } from './bridge-world.ts'

const SECRET = 'a-secret-of-the-webhook'

const request = (body: string, secret = SECRET): Request =>
  new Request('http://127.0.0.1/label-studio/webhook', {
    method: 'POST',
    headers: { [WEBHOOK_SECRET_HEADER]: secret },
    body,
  })
const event = (project: number): string =>
  JSON.stringify({
    action: 'ANNOTATION_CREATED',
    annotation: { id: 1 },
    project: { id: project, token: 'of the project' },
  })

test('an event is a hint at its project, whatever else it says', async () => {
  const hints: number[] = []
  const webhook = createWebhook({ secret: SECRET, hint: (project) => hints.push(project) < 3 })
  const bodies = [event(7), event(7), event(8), event(7), '{', 'null', '{"project":"7"}', '[]']
  const statuses: number[] = []
  for (const body of bodies) statuses.push((await webhook.handle(request(body))).status)
  expect(statuses).toEqual([204, 204, 204, 204, 400, 400, 400, 400])
  expect(hints).toEqual([7, 7, 8, 7])
  expect(webhook.counts()).toEqual({ hinted: 2, foreign: 2, forbidden: 0, unreadable: 4, busy: 0 })
})

test('an event without the secret hints at nothing, and its body is not read', async () => {
  const webhook = createWebhook({ secret: SECRET, hint: () => expect.unreachable() })
  for (const wrong of ['', 'a-secret-of-the-webhooK', `${SECRET} `.repeat(100)]) {
    const sent = request(event(7), wrong)
    expect((await webhook.handle(sent)).status).toBe(403)
    expect(sent.bodyUsed).toBe(false)
  }
  expect((await webhook.handle(new Request('http://127.0.0.1/', { method: 'POST' }))).status).toBe(403)
})

test('a body without end is read no further than is allowed', async () => {
  const webhook = createWebhook({ secret: SECRET, hint: () => expect.unreachable() })
  let pulled = 0
  const endless = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      pulled += 1
      controller.enqueue(new Uint8Array(1024 * 1024))
    },
  })
  const headers = new Headers({ [WEBHOOK_SECRET_HEADER]: SECRET })
  expect((await webhook.handle({ headers, body: endless })).status).toBe(400)
  expect(pulled).toBeLessThan(8)
})

test('a flood of bodies that never end is not held in memory, and a connection that breaks is no event', async () => {
  const hints: number[] = []
  const webhook = createWebhook({ secret: SECRET, hint: (project) => hints.push(project) > 0 })
  const headers = new Headers({ [WEBHOOK_SECRET_HEADER]: SECRET })
  const breaking: ReadableStreamDefaultController[] = []
  const handled = Array.from({ length: 100 }, () => {
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({ start: (controller) => void breaking.push(controller) })
    return webhook.handle({ headers, body })
  })
  for (const controller of breaking) controller.error(new Error('broke'))
  const statuses = (await Promise.all(handled)).map(({ status }) => status)
  expect(statuses.filter((status) => status === 503)).toHaveLength(84)
  expect(statuses.filter((status) => status === 400)).toHaveLength(16)
  expect((await webhook.handle(request(event(7)))).status).toBe(204)
  expect(hints).toEqual([7])
})

test('a short secret is refused', () => {
  expect(() => createWebhook({ secret: 'short', hint: () => true })).toThrow(
    expect.objectContaining({ code: 'invalid-argument' }),
  )
})

test('a flood of events makes one hint a project', async () => {
  const hints = hintQueue((project) => (project === 7 ? 'crowd' : undefined))
  for (let time = 0; time < 1000; time += 1) hints.hint(7)
  expect(hints.hint(8)).toBe(false)
  expect(hints.take()).toEqual(['crowd'])
  expect(hints.take()).toEqual([])
})

test('a hint wakes the bridge, which then believes the server and not the event', async () => {
  const world = new BridgeWorld({ webhookSecret: SECRET, pollSeconds: 3600 })
  try {
    world.plan(1)
    await world.bridge.tick()
    await world.bridge.tick()
    const stop = new AbortController()
    const ticks: number[] = []
    const annotate = async (): Promise<void> => {
      world.server.annotate(CROWD, 1, 2, 'spam')
      await world.bridge.webhook?.handle(request(event(CROWD)))
    }
    await world.bridge.run(stop.signal, ({ changes }) => {
      ticks.push(changes)
      if (ticks.length === 1) void annotate()
      else stop.abort()
    })
    expect(ticks).toEqual([0, 1])
    expect(world.bridge.book.unitsOf(trackingIdOf(1))[0]?.answers).toMatchObject([{ content: { result: ['spam'] } }])
  } finally {
    world.end()
  }
})

test('it runs for nobody who listens as well', async () => {
  const world = new BridgeWorld({ pollSeconds: 3600 })
  try {
    world.plan(1)
    const stop = new AbortController()
    const running = world.bridge.run(stop.signal)
    stop.abort()
    await running
    expect(world.server.peek(CROWD)).toHaveLength(1)
  } finally {
    world.end()
  }
})

function busy(): void {
  for (const end = performance.now() + 200; performance.now() < end;);
}

test('a tick that had the processor for long is followed by a rest, however many hints there are', async () => {
  const world = new BridgeWorld({ pollSeconds: 0.01, settle: busy })
  try {
    const stop = new AbortController()
    const ended: number[] = []
    await world.bridge.run(stop.signal, () => {
      ended.push(performance.now())
      if (ended.length === 2) stop.abort()
    })
    const [first = 0, second = 0] = ended
    expect(second - first).toBeGreaterThan(5 * 199)
  } finally {
    world.end()
  }
})
