import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { BridgeWorld, CROWD } from './bridge-world.ts'

type Happening =
  | { readonly what: 'plan'; readonly number: number }
  | { readonly what: 'tick' | 'backup' }
  /** And these tasks are answered on the restored server before the bridge looks again. */
  | { readonly what: 'restore'; readonly tasks: readonly number[] }
  | { readonly what: 'annotate' | 'edit'; readonly task: number; readonly annotator: number; readonly label: string }

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ what: fc.constant('plan'), number: fc.nat(20) }) },
  { weight: 5, arbitrary: fc.record({ what: fc.constant('tick') }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('backup') }) },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('restore'), tasks: fc.array(fc.nat(1000), { maxLength: 4 }) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      what: fc.constantFrom('annotate', 'edit'),
      task: fc.nat(1000),
      annotator: fc.nat(2),
      label: fc.constantFrom('ham', 'spam'),
    }),
  },
)

test('however often the server is restored, what was read of it stands, and is never taken for deleted', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 10, maxLength: 40, size: 'max' }), async (events) => {
      const world = new BridgeWorld()
      const { server } = world
      try {
        world.plan(0, 1, 2, 3)
        await world.bridge.tick()
        let backup = server.backup()
        for (const event of events) {
          world.now += 60_000
          server.time += 60_000
          const tasks = server.peek(CROWD)
          const task = 'task' in event ? tasks[event.task % tasks.length] : undefined
          if (event.what === 'plan') world.plan(event.number)
          else if (event.what === 'tick') await world.bridge.tick()
          else if (event.what === 'backup') backup = server.backup()
          else if (event.what === 'restore') {
            await world.bridge.tick()
            server.restore(backup)
            const left = server.peek(CROWD)
            for (const number of event.tasks) server.annotate(CROWD, left[number % left.length]?.task ?? 0, 1, 'ham')
            await world.bridge.tick()
          } else if (task !== undefined && event.what === 'annotate') {
            server.annotate(CROWD, task.task, event.annotator, event.label)
          } else if (task?.answers[0] !== undefined) {
            server.edit(CROWD, task.task, task.answers[0].annotation, 'label' in event ? event.label : '')
          }
        }
        for (let time = 0; time < 3; time += 1) await world.bridge.tick()
        const { units } = world.bridge.book.units()
        const { changes } = world.bridge.book.changes({ after: 0, limit: 10_000 })
        expect(changes.filter(({ kind }) => kind === 'deleted')).toEqual([])
        const tasks = server.peek(CROWD)
        // A task that is gone while nothing shows that it was lost to a backup is told of, and not sent again.
        const there = units.filter(({ unit }) => unit.state !== 'gone')
        expect(tasks.map(({ key }) => key).toSorted()).toEqual(there.map(({ unit }) => unit.key).toSorted())
        expect(there.length === units.length || world.bridge.status().gaps.length > 0).toBe(true)
        for (const { unit, answers } of units) {
          const onServer = tasks.find(({ key }) => key === unit.key)?.answers ?? []
          const held = new Set(answers.map(({ created }) => created))
          expect(onServer.filter(({ created }) => !held.has(created))).toEqual([])
        }
      } finally {
        world.end()
      }
    }),
    { numRuns: 60 },
  )
}, 120_000)
