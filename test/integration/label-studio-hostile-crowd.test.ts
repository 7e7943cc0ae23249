import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasLabelStudio, startLabelStudio, type Account, type LabelStudioServer } from '../services/label-studio.ts'
import { idOf, LabelStudioWorld, resultOf } from './label-studio-world.ts'

/** Without it the test fails where services are promised. */
const skips = !hasLabelStudio && process.env['CI'] !== 'true'

describe.skipIf(skips)('an annotator of a real Label Studio who means harm', () => {
  let server: LabelStudioServer
  let ann: Account
  let mallory: Account

  beforeAll(async () => {
    server = await startLabelStudio()
    ann = await server.signUp('ann')
    mallory = await server.signUp('mallory')
  }, 300_000)
  afterAll(async () => await server?.stop())

  const annotate = (who: Account, task: number, body: unknown) =>
    server.api(`/api/tasks/${task}/annotations/`, { method: 'POST', token: who.token, body })

  test('does not answer in the name of others by importing a copy of a task', async () => {
    const world = await LabelStudioWorld.make(server, 'Imports', 1)
    try {
      world.plan(0, 1)
      await world.bridge.tick()
      const [unit] = world.outbox.units.ofPrediction(idOf(0))
      await server.api(`/api/projects/${world.project}/import`, {
        method: 'POST',
        token: mallory.token,
        body: [
          {
            data: { text: 'mail 0', groundtrace_key: unit?.key },
            annotations: [
              { completed_by: ann.id, updated_by: ann.id, result: resultOf('spam') },
              { completed_by: server.admin.id, result: resultOf('spam') },
            ],
          },
        ],
      })
      await annotate(ann, unit?.server?.task ?? 0, { result: resultOf('ham') })
      expect((await world.bridge.tick()).troubles).toEqual([])
      const answers = world.bridge.book.unit(unit?.key ?? '')?.answers ?? []
      expect(answers).toHaveLength(3)
      const counting = answers.filter(({ state, content }) => state === 'standing' && content.annotator !== undefined)
      expect(counting.map(({ content }) => [content.annotator, content.result])).toMatchObject([
        [ann.id, [{ value: { choices: ['ham'] } }]],
      ])
    } finally {
      await world.end()
    }
  })

  test('does not have another text answered in place of a mail', async () => {
    const world = await LabelStudioWorld.make(server, 'Edits', 1)
    try {
      world.plan(0, 1)
      await world.bridge.tick()
      const [unit] = world.outbox.units.ofPrediction(idOf(0))
      const task = unit?.server?.task ?? 0
      const show = (text: string) =>
        server.api(`/api/tasks/${task}/`, {
          method: 'PATCH',
          token: mallory.token,
          body: { data: { text, groundtrace_key: unit?.key } },
        })
      const answers = () => world.bridge.book.unit(unit?.key ?? '')?.answers ?? []
      await show('An offer! An offer!')
      await annotate(ann, task, { result: resultOf('spam') })
      expect(await world.bridge.tick()).toMatchObject({ changes: 0, troubles: [] })
      expect(answers()).toEqual([])
      await show('mail 0')
      expect(await world.bridge.tick()).toMatchObject({ changes: 1, troubles: [] })
      expect(answers()).toMatchObject([{ content: { annotator: ann.id } }])
    } finally {
      await world.end()
    }
  })

  test('keeps nobody else from being heard with answers that the server takes and can not show', async () => {
    const world = await LabelStudioWorld.make(server, 'Out of bounds', 4)
    try {
      world.plan(0, 4)
      await world.bridge.tick()
      const tasks = [0, 1, 2, 3].map((number) => world.outbox.units.ofPrediction(idOf(number))[0]?.server?.task ?? 0)
      const [first = 0, second = 0, third = 0, fourth = 0] = tasks
      await annotate(ann, first, { result: resultOf('ham') })
      await world.bridge.tick()
      // As JSON has it, a number beyond all bounds; and half of a pair of UTF-16.
      const raw = async (task: number, body: string) => {
        const headers = { authorization: `Token ${mallory.token}`, 'content-type': 'application/json' }
        await fetch(`${server.url}/api/tasks/${task}/annotations/`, { method: 'POST', headers, body })
      }
      await raw(first, '{"result":[],"lead_time":1e999}')
      await raw(second, String.raw`{"result":[{"text":"\ud800"}]}`)
      await annotate(ann, third, { result: resultOf('ham') })
      await annotate(ann, fourth, { result: resultOf('spam') })
      const told: unknown[] = []
      world.onTrouble = ({ error }) => void told.push(error)
      world.restartBridge()
      expect(await world.bridge.tick()).toMatchObject({ changes: 2, troubles: [] })
      expect(String(told[0])).toContain("can't show the answers of 2 tasks")
      const standing = [0, 1, 2, 3].map((number) => {
        const [unit] = world.outbox.units.ofPrediction(idOf(number))
        return world.bridge.book.unit(unit?.key ?? '')?.answers.map(({ state }) => state)
      })
      // What was read before stands.
      expect(standing).toEqual([['standing'], [], ['standing'], ['standing']])
      // All of it as well.
      world.outbox.write(() => world.outbox.projects.askSweep('crowd', 'tasks-differ'))
      expect(await world.bridge.tick()).toMatchObject({ changes: 0, troubles: [] })
      expect(world.outbox.gaps.latest()).toEqual([])
      expect(world.outbox.units.counts()).toMatchObject([{ state: 'seen', units: 4 }])
    } finally {
      await world.end()
    }
  }, 120_000)
})
