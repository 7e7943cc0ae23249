import { once } from 'node:events'
import { cp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasLabelStudio, startLabelStudio, type Account, type LabelStudioServer } from '../services/label-studio.ts'
import { LabelStudioWorld, resultOf, type Label } from './label-studio-world.ts'

const PREDICTIONS = 160
const SECRET_HEADER = 'x-groundtrace-secret'

/** Without it the test fails where services are promised. */
const skips = !hasLabelStudio && process.env['CI'] !== 'true'

const labelOf = (number: number): Label => (number % 3 === 0 ? 'spam' : 'ham')

describe.skipIf(skips)('the bridge and a real Label Studio that is killed', () => {
  let server: LabelStudioServer
  let people: readonly Account[]

  beforeAll(async () => {
    server = await startLabelStudio()
    people = [await server.signUp('ann'), await server.signUp('bob')]
  }, 300_000)
  afterAll(async () => await server?.stop())

  async function reborn(): Promise<void> {
    await server.kill()
    await server.restart()
  }

  test('0 duplicate tasks and 0 lost answers, whatever it was killed at', async () => {
    const world = await LabelStudioWorld.make(server, 'Faults', PREDICTIONS)
    const [ann, bob] = people
    if (ann === undefined || bob === undefined) throw new Error('two people signed up')
    try {
      // During an import: the server has made the tasks, and its answer is lost with it.
      world.plan(0, 100)
      let imports = 0
      world.fetch = async (request) => {
        const response = await fetch(request)
        if (!request.url.includes('/import')) return response
        imports += 1
        if (imports !== 2) return response
        await response.arrayBuffer()
        await server.kill()
        throw new TypeError('fetch failed')
      }
      expect((await world.bridge.tick()).troubles).toMatchObject([{ step: 'send' }])
      await server.restart()
      world.restartBridge()
      expect(await world.bridge.tick()).toMatchObject({ found: 0, sent: 20, troubles: [] })

      // And at any moment of one, while it is still at it.
      world.plan(100, 60)
      let killing: Promise<void> | undefined
      world.fetch = async (request) => {
        if (!request.url.includes('/import') || killing !== undefined) return await fetch(request)
        const response = fetch(request)
        killing = new Promise((resolve) => void setTimeout(resolve, 20)).then(() => server.kill())
        return await response
      }
      await world.bridge.tick()
      await killing
      await server.restart()
      world.restartBridge()
      world.fetch = (request) => fetch(request)
      await world.bridge.tick()
      await world.bridge.tick()
      const made = await world.tasks()
      const keys = made.map(({ data }) => data.groundtrace_key)
      expect([made.length, new Set(keys).size]).toEqual([PREDICTIONS, PREDICTIONS])

      // During annotation: what was acknowledged is there afterwards; what was not, may be.
      const acknowledged: number[] = []
      const answering = made.slice(0, 80).map(async ({ id }, number) => {
        const annotation = await world
          .annotate(id, number % 2 === 0 ? ann : bob, labelOf(number))
          .catch(() => undefined)
        if (annotation === undefined) return
        acknowledged.push(annotation.id)
        if (acknowledged.length === 30) await server.kill()
      })
      await Promise.all(answering)
      expect(acknowledged.length).toBeGreaterThanOrEqual(30)
      expect(acknowledged.length).toBeLessThan(80)
      expect((await world.bridge.tick()).troubles).toMatchObject([{ step: 'reconcile' }])
      await server.restart()

      // During reconciling: after the first page of tasks.
      let pages = 0
      world.fetch = async (request) => {
        const response = await fetch(request)
        if (!request.url.includes('/api/tasks')) return response
        pages += 1
        const text = await response.text()
        if (pages === 2) await server.kill()
        return new Response(text, response)
      }
      expect((await world.bridge.tick()).troubles).toMatchObject([{ step: 'reconcile' }])
      world.fetch = (request) => fetch(request)
      await server.restart()

      // What annotators change afterwards: a second answer, an edit, a skip, and one taken back.
      const [first, second, third, fourth] = made.slice(100)
      for (const task of [first, second, third]) await world.annotate(task?.id ?? 0, ann, 'ham')
      const edited = await world.annotate(fourth?.id ?? 0, bob, 'ham')
      await world.bridge.tick()
      await world.annotate(first?.id ?? 0, ann, 'spam')
      await world.annotate(second?.id ?? 0, bob, 'ham', true)
      const body = { result: resultOf('spam') }
      await server.api(`/api/annotations/${edited.id}`, { method: 'PATCH', body, token: bob.token })
      const [taken] = (await world.tasks()).find(({ id }) => id === third?.id)?.annotations ?? []
      await server.api(`/api/annotations/${taken?.id}`, { method: 'DELETE', token: ann.token })
      await world.bridge.tick()

      const lines = await world.serverLines()
      expect(lines.length).toBeGreaterThanOrEqual(acknowledged.length + 5)
      expect(world.bookLines()).toEqual(lines)
      expect((await world.tasks()).length).toBe(PREDICTIONS)
      const history = world.bridge.book.changes({ after: 0, limit: 10_000 }).changes
      const kinds = new Map([...Map.groupBy(history, ({ kind }) => kind)].map(([kind, some]) => [kind, some.length]))
      expect([kinds.get('changed'), kinds.get('deleted'), kinds.get('kept')]).toEqual([1, 1, undefined])
      expect(world.bridge.status().gaps).toEqual([])
    } finally {
      await world.end()
    }
  }, 300_000)

  test('webhooks that are lost, doubled and reordered change nothing but when it looks', async () => {
    const world = await LabelStudioWorld.make(server, 'Webhooks', 12)
    const [ann] = people
    if (ann === undefined) throw new Error('somebody signed up')
    const held: (() => Promise<unknown>)[] = []
    let events = 0
    const receiver = createServer((incoming, outgoing) => {
      void (async () => {
        const chunks: Buffer[] = []
        for await (const chunk of incoming) chunks.push(chunk as Buffer)
        outgoing.end()
        events += 1
        const deliver = async (): Promise<unknown> =>
          await world.bridge.webhook?.handle(
            new Request('http://localhost/', {
              method: 'POST',
              headers: { [SECRET_HEADER]: String(incoming.headers[SECRET_HEADER]) },
              body: Buffer.concat(chunks),
            }),
          )
        // Every third is lost, every other third comes twice, and all come in another order.
        if (events % 3 !== 0) held.unshift(deliver)
        if (events % 3 === 1) held.push(deliver)
      })()
    })
    receiver.listen(0, '127.0.0.1')
    await once(receiver, 'listening')
    const stop = new AbortController()
    try {
      const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/label-studio/webhook`
      const hook = { project: world.project, url, send_payload: true, send_for_all_actions: true, is_active: true }
      const headers = { [SECRET_HEADER]: 'the secret of the webhook' }
      await server.api('/api/webhooks/', { method: 'POST', body: { ...hook, headers } })
      world.plan(0, 12)
      await world.bridge.tick()
      const tasks = await world.tasks()
      for (const [number, { id }] of tasks.entries()) await world.annotate(id, ann, labelOf(number))
      expect(events).toBeGreaterThanOrEqual(tasks.length)

      const running = world.bridge.run(stop.signal, () => {
        if (held.length === 0) stop.abort()
        else for (const deliver of held.splice(0)) void deliver()
      })
      await running
      expect(world.bookLines()).toEqual(await world.serverLines())
      expect(world.bookLines()).toHaveLength(tasks.length)
      const { changes } = world.bridge.book.changes({ after: 0 })
      expect(changes.map(({ kind }) => kind)).toEqual(tasks.map(() => 'given'))
      expect(world.bridge.status().webhook).toMatchObject({ forbidden: 0, unreadable: 0 })
      expect(world.bridge.status().webhook?.hinted).toBeGreaterThan(0)
    } finally {
      stop.abort()
      receiver.closeAllConnections()
      receiver.close()
      await world.end()
    }
  }, 120_000)

  test('after a restore from an older backup nothing that was read is lost, the gap is told, and tasks come back', async () => {
    const world = await LabelStudioWorld.make(server, 'Restore', 30)
    const [ann, bob] = people
    if (ann === undefined || bob === undefined) throw new Error('two people signed up')
    const backup = `${server.folder}-backup`
    try {
      world.plan(0, 20)
      await world.bridge.tick()
      const early = await world.tasks()
      for (const { id } of early.slice(0, 5)) await world.annotate(id, ann, 'ham')
      await world.bridge.tick()
      await server.kill()
      await cp(server.folder, backup, { recursive: true })
      await server.restart()

      for (const { id } of early.slice(3, 8)) await world.annotate(id, bob, 'spam')
      world.plan(20, 10)
      await world.bridge.tick()
      const late = (await world.tasks()).slice(20)
      for (const { id } of late.slice(0, 4)) await world.annotate(id, ann, 'spam')
      await world.bridge.tick()
      const before = world.bookLines()
      expect(before).toHaveLength(14)

      await server.kill()
      await rm(server.folder, { recursive: true })
      await cp(backup, server.folder, { recursive: true })
      await server.restart()
      expect((await world.tasks()).length).toBe(20)
      world.restartBridge()
      await world.bridge.tick()
      expect(world.bookLines()).toEqual(before)
      const { units } = world.bridge.book.units()
      expect(units.flatMap(({ answers }) => answers).filter(({ kept }) => kept)).toHaveLength(9)
      expect(world.outbox.gaps.latest()).toMatchObject([{ kind: 'restored', units: 10, answers: 9 }])

      await world.bridge.tick()
      const keys = (await world.tasks()).map(({ data }) => data.groundtrace_key)
      expect([keys.length, new Set(keys).size]).toEqual([30, 30])
      expect(world.bookLines()).toEqual(before)
      expect(world.bridge.status().gaps).toMatchObject([{ kind: 'restored', gaps: 1 }])
    } finally {
      await world.end()
      await rm(backup, { recursive: true, force: true })
    }
  }, 180_000)

  test('a server that was killed and started again is the same to the bridge', async () => {
    const world = await LabelStudioWorld.make(server, 'Same', 5)
    try {
      world.plan(0, 5)
      await world.bridge.tick()
      await reborn()
      expect(await world.bridge.tick()).toMatchObject({ sent: 0, changes: 0, troubles: [] })
      expect(world.bridge.status().gaps).toEqual([])
    } finally {
      await world.end()
    }
  }, 120_000)
})
