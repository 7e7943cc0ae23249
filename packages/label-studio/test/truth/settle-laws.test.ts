import * as fc from 'fast-check'
import { standing, type Feedback } from '@groundtrace/core'
import { expect, test } from 'vitest'
import type { TruthPolicy } from '../../src/truth/truth-policy.ts'
import { TruthWorld } from './truth-world.ts'

const POLICY: TruthPolicy = {
  classes: ['ham', 'spam'],
  crowd: { project: 'crowd', agreeing: 2, maximum: 3 },
  expert: { project: 'expert' },
}

const said = (lines: readonly Feedback[]) =>
  lines.map((line) => ('label' in line ? `${line.source}: ${String(line.label)}` : `${line.source}: ${line.kind}`))

const UNITS = 3
const happening = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant('answer' as const),
      project: fc.constantFrom('crowd', 'crowd', 'crowd', 'expert'),
      number: fc.nat(UNITS - 1),
      annotator: fc.nat(3),
      said: fc.record(
        { label: fc.constantFrom('ham', 'spam'), unclear: fc.boolean(), skipped: fc.boolean() },
        { requiredKeys: [] },
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('delete' as const),
      project: fc.constantFrom('crowd', 'expert'),
      number: fc.nat(UNITS - 1),
      annotator: fc.nat(3),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ what: fc.constant('round' as const), before: fc.nat(3), after: fc.nat(3) }),
  },
)
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never

async function live(events: readonly Happening[], rounds: 'dying' | 'living' | 'none'): Promise<TruthWorld> {
  const world = new TruthWorld(POLICY)
  const all = Array.from({ length: UNITS }, (_, index) => index)
  world.plan('crowd', ...all)
  world.plan('expert', ...all)
  for (const event of events) {
    if (event.what === 'answer') world.answer(event.project, event.number, event.annotator, event.said)
    else if (event.what === 'delete') world.delete(event.project, event.number, event.annotator)
    else if (rounds === 'dying') await world.settleDying(event.before, event.after)
    else if (rounds === 'living') await world.settle()
  }
  await world.settle()
  return world
}

test('whatever dies, the register holds the lines of one that never died, each once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 40 }), async (events) => {
      const dying = await live(events, 'dying')
      const living = await live(events, 'living')
      expect([...dying.lines.values()]).toEqual([...living.lines.values()])
      expect(dying.outbox.feedback.counts()).not.toHaveProperty('conflict')
    }),
    { numRuns: 150 },
  )
})

test('whenever it was looked at, and in whatever order answers came, what stands is what one look at the end says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 40 }), async (events) => {
      const living = await live(events, 'living')
      const quiet = await live(events, 'none')
      for (let number = 0; number < UNITS; number += 1) {
        const held = said(standing(living.linesOn(number))).toSorted()
        expect(held).toEqual(said(standing(quiet.linesOn(number))).toSorted())
      }
    }),
    { numRuns: 150 },
  )
})
