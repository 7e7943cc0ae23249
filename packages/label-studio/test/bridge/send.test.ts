import { afterEach, beforeEach, expect, test } from 'vitest'
import { sendUnits, type Sent } from '../../src/bridge/send.ts'
import { BridgeWorld, CROWD, predictionOf, trackingIdOf } from './bridge-world.ts'

let world: BridgeWorld
beforeEach(() => {
  world = new BridgeWorld()
  world.outbox.projects.bind('crowd', CROWD)
})
afterEach(() => world.end())

const send = (options: { readonly quietSeconds?: number; readonly batch?: number } = {}): Promise<Sent> =>
  sendUnits(
    {
      outbox: world.outbox,
      server: world.server,
      register: { prediction: async (id) => predictionOf(Number(`0x${id.slice(0, 32)}`) - 1) },
      taskData: ({ features }) => ({ text: features?.['text'] }),
      quietSeconds: 0,
      ...options,
    },
    'crowd',
  )

const keysOnServer = (): readonly string[] => world.server.peek(CROWD).map(({ key }) => key)

test('a unit is sent once, and the server sees its key and never its tracking ID', async () => {
  world.plan(1, 2, 3)
  const seen: unknown[] = []
  const importTasks = world.server.importTasks.bind(world.server)
  world.server.importTasks = (project, tasks) => {
    seen.push(...tasks)
    return importTasks(project, tasks)
  }
  expect(await send({ batch: 2 })).toEqual({ sent: 3, found: 0, dropped: 0, waiting: 0 })
  expect(await send()).toEqual({ sent: 0, found: 0, dropped: 0, waiting: 0 })
  expect(new Set(keysOnServer()).size).toBe(3)
  expect(JSON.stringify(seen)).not.toContain(trackingIdOf(1).slice(0, 32))
  expect(seen[0]).toEqual({ key: keysOnServer()[0], data: { text: 'mail 1' } })
})

test('an import whose answer was lost is looked for, and not sent again', async () => {
  world.plan(1, 2)
  world.server.faults = ['answer-lost']
  await expect(send()).rejects.toThrow('answer lost')
  world.restart()
  expect(await send()).toEqual({ sent: 0, found: 2, dropped: 0, waiting: 0 })
  expect(keysOnServer()).toHaveLength(2)
})

test('an import that did not reach the server is looked for, and sent again', async () => {
  world.plan(1, 2)
  world.server.faults = ['call-lost']
  await expect(send()).rejects.toThrow('call lost')
  expect(await send()).toEqual({ sent: 2, found: 0, dropped: 0, waiting: 0 })
  expect(keysOnServer()).toHaveLength(2)
})

test('a server that is only slow has time to end what it began before anybody looks', async () => {
  world.plan(1)
  world.server.faults = ['late']
  await expect(send({ quietSeconds: 60 })).rejects.toThrow('time ran out')
  world.now += 59_000
  expect(await send({ quietSeconds: 60 })).toEqual({ sent: 0, found: 0, dropped: 0, waiting: 1 })
  world.server.settle()
  world.now += 1000
  expect(await send({ quietSeconds: 60 })).toEqual({ sent: 0, found: 1, dropped: 0, waiting: 0 })
  expect(keysOnServer()).toHaveLength(1)
})

test('an import that found no server is sent again without a look', async () => {
  world.plan(1)
  world.server.faults = ['not-there']
  await expect(send({ quietSeconds: 60 })).rejects.toThrow('not there')
  expect(await send({ quietSeconds: 60 })).toEqual({ sent: 1, found: 0, dropped: 0, waiting: 0 })
})

test('a task that the server refuses is dropped, and holds up no other', async () => {
  world.plan(1, 2, 3, 4, 5)
  const [, second] = world.outbox.units.fresh('crowd', 5)
  world.server.refusing.add(second?.key ?? '')
  expect(await send({ batch: 3 })).toEqual({ sent: 4, found: 0, dropped: 1, waiting: 0 })
  expect(world.outbox.units.ofPrediction(trackingIdOf(2))).toMatchObject([{ state: 'dropped', why: 'refused' }])
  expect(keysOnServer()).toHaveLength(4)
})

test('a server that refuses all drops nothing: what is wrong is not the tasks', async () => {
  world.plan(1, 2)
  for (const { key } of world.outbox.units.fresh('crowd', 2)) world.server.refusing.add(key)
  await expect(send()).rejects.toThrow('refused')
  expect(world.outbox.units.counts()).toMatchObject([{ state: 'planned', units: 2 }])
  world.server.refusing.clear()
  expect(await send()).toMatchObject({ sent: 2 })
})
