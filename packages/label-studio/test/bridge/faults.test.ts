import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { BridgeWorld, CROWD } from './bridge-world.ts'
import type { Fault } from './stub-server.ts'

const ANNOTATORS = 3

/** One thing that happens. Numbers choose among what there is then. */
type Happening =
  | { readonly what: 'plan'; readonly from: number; readonly count: number }
  | { readonly what: 'tick'; readonly faults: readonly (Fault | undefined)[] }
  | { readonly what: 'death'; readonly steps: number; readonly faults: readonly (Fault | undefined)[] }
  | { readonly what: 'annotate'; readonly task: number; readonly annotator: number; readonly label: string }
  | { readonly what: 'edit'; readonly task: number; readonly annotation: number; readonly label: string }
  | { readonly what: 'delete'; readonly task: number; readonly annotation: number }

const choice = fc.nat(1000)
const label = fc.constantFrom('ham', 'spam')
/** Faults of some of the calls of a tick. */
const faults = fc
  .uniqueArray(fc.tuple(fc.nat(9), fc.constantFrom<Fault>('not-there', 'answer-lost', 'call-lost', 'late')), {
    selector: ([call]) => call,
    maxLength: 2,
  })
  .map((some) => Array.from({ length: 10 }, (_, call) => some.find(([at]) => at === call)?.[1]))
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constant('plan'), from: fc.nat(20), count: fc.integer({ min: 1, max: 5 }) }),
  },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('tick'), faults }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant('death'), steps: fc.nat(45), faults }) },
  {
    weight: 8,
    arbitrary: fc.record({ what: fc.constant('annotate'), task: choice, annotator: fc.nat(ANNOTATORS - 1), label }),
  },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('edit'), task: choice, annotation: choice, label }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('delete'), task: choice, annotation: choice }) },
)
const schedule = fc
  .array(happening, { minLength: 10, maxLength: 40, size: 'max' })
  .map((events): readonly Happening[] => [{ what: 'plan', from: 0, count: 5 }, ...events])

const one = <T>(list: readonly T[], number: number): T | undefined => list[number % Math.max(1, list.length)]

async function happen(world: BridgeWorld, event: Happening): Promise<void> {
  const { server } = world
  const task = 'task' in event ? one(server.peek(CROWD), event.task) : undefined
  const annotation = task !== undefined && 'annotation' in event ? one(task.answers, event.annotation) : undefined
  // A minute later: longer than the server takes for anything.
  world.now += 60_000
  server.time += 60_000
  if (event.what === 'plan') world.plan(...Array.from({ length: event.count }, (_, index) => event.from + index))
  else if (event.what === 'tick' || event.what === 'death') {
    server.settle()
    server.faults = [...event.faults]
    if (event.what === 'tick') await world.bridge.tick()
    else await world.tickAndDie(event.steps)
    server.faults = []
  } else if (event.what === 'annotate') {
    if (task !== undefined) server.annotate(CROWD, task.task, event.annotator, event.label)
  } else if (task !== undefined && annotation !== undefined) {
    if (event.what === 'edit') server.edit(CROWD, task.task, annotation.annotation, event.label)
    else server.deleteAnnotation(CROWD, task.task, annotation.annotation)
  }
}

test('whatever dies, each unit has one task, and each answer that the server has is held once', async () => {
  await fc.assert(
    fc.asyncProperty(schedule, async (events) => {
      const world = new BridgeWorld()
      try {
        for (const event of events) await happen(world, event)
        await happen(world, { what: 'tick', faults: [] })
        await happen(world, { what: 'tick', faults: [] })

        const { units } = world.bridge.book.units()
        const tasks = world.server.peek(CROWD)
        expect(tasks.map(({ key }) => key).toSorted()).toEqual(units.map(({ unit }) => unit.key).toSorted())
        for (const { unit, answers } of units) {
          const onServer = tasks.find(({ key }) => key === unit.key)?.answers ?? []
          const live = answers.filter(({ state }) => state !== 'deleted')
          expect(live.map(({ created, content }) => ({ created, content })).toSorted(byCreated)).toEqual(
            onServer.map(({ created, content }) => ({ created, content })).toSorted(byCreated),
          )
          expect(answers.filter(({ kept }) => kept)).toEqual([])
          expect(unit.state).toBe('seen')
        }
        expect(world.bridge.status().gaps).toEqual([])
      } finally {
        world.end()
      }
    }),
    { numRuns: 80 },
  )
}, 120_000)

const byCreated = (a: { readonly created: string }, b: { readonly created: string }): number =>
  a.created < b.created ? -1 : 1
