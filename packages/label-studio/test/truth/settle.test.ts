import { standing } from '@groundtrace/core'
import { seededRandom } from '@groundtrace/statistics'
import { describe, expect, test } from 'vitest'
import { coin, crowdAnswers } from './random-crowd.ts'
import { predictionOf, TruthWorld, type Said } from './truth-world.ts'
import { answers, POLICY, said } from './two-of-three.ts'

test('a label that enough agree on is one line of the register, with who said so and how it came about', async () => {
  const world = new TruthWorld(POLICY)
  world.outbox.units.plan([{ prediction: predictionOf(0), project: 'crowd', reason: 'random', propensity: 0.25 }])
  answers(world, 0, ['spam'])
  expect(await world.settle()).toMatchObject({ touched: 1, settled: 0, escalated: 0 })
  answers(world, 0, ['spam', 'spam'])
  expect(await world.settle()).toMatchObject({ touched: 1, settled: 1, consensus: { method: 'majority' } })
  expect(await world.settle()).toMatchObject({ touched: 0, settled: 0 })

  expect(world.linesOn(0)).toEqual([
    {
      id: expect.stringMatching(/^[0-9a-f]{32}-[0-9a-f]{16}$/),
      target: { prediction: predictionOf(0) },
      time: world.now,
      source: 'crowd',
      kind: 'annotation',
      label: 'spam',
      by: 'crowd',
      method: 'majority/1',
      propensity: 0.25,
    },
  ])
  expect(world.outbox.truths.of(world.unit('crowd', 0).id)).toMatchObject([
    { stage: 'settled', label: 'spam', version: 1, said: 'annotation', verdict: { by: 'agreement' }, fit: 1 },
  ])
})

test('an edit that ends the agreement takes the line back; one that restores it says it anew', async () => {
  const world = new TruthWorld(POLICY)
  world.plan('crowd', 0)
  answers(world, 0, ['spam', 'spam'])
  await world.settle()
  world.answer('crowd', 0, 2, { label: 'ham' })
  expect(await world.settle()).toMatchObject({ retracted: 1 })
  world.delete('crowd', 0, 1)
  world.answer('crowd', 0, 3, { label: 'ham' })
  expect(await world.settle()).toMatchObject({ settled: 1 })
  expect(said(world.linesOn(0))).toEqual(['crowd: spam', 'crowd: retraction', 'crowd: ham'])
  expect(said(standing(world.linesOn(0)))).toEqual(['crowd: ham'])
})

test('another label between two rounds replaces the line before', async () => {
  const world = new TruthWorld(POLICY)
  world.plan('crowd', 0)
  answers(world, 0, ['spam', 'spam'])
  await world.settle()
  answers(world, 0, ['ham', 'ham'])
  await world.settle()
  const [first, second] = world.linesOn(0)
  expect(second).toMatchObject({ label: 'ham', supersedes: first?.id })
})

test('a contentious unit goes to the experts, with what the crowd said kept here and not sent along', async () => {
  const world = new TruthWorld({ ...POLICY, classes: ['ham', 'spam', 'other'] })
  world.outbox.units.plan([{ prediction: predictionOf(0), project: 'crowd', reason: 'random', propensity: 0.5 }])
  answers(world, 0, ['ham', 'spam', 'other'])
  expect(await world.settle()).toMatchObject({ settled: 0, escalated: 1 })
  expect(world.lines.size).toBe(0)
  expect(world.unit('expert', 0)).toMatchObject({ reason: 'escalated', propensity: 0.5, state: 'planned' })
  expect(world.outbox.truths.of(world.unit('crowd', 0).id)).toMatchObject([
    {
      stage: 'escalated',
      verdict: { why: ['tied', 'no-posterior'], tally: { labels: { ham: 1, other: 1, spam: 1 } } },
    },
  ])

  world.answer('expert', 0, 9, { label: 'spam' })
  await world.settle()
  expect(world.linesOn(0)).toMatchObject([{ by: 'expert', label: 'spam', method: 'expert', propensity: 0.5 }])
})

test('experts who disagree take their line back, and outvote nobody', async () => {
  const world = new TruthWorld(POLICY)
  world.plan('expert', 0)
  world.answer('expert', 0, 8, { label: 'ham' })
  await world.settle()
  world.answer('expert', 0, 9, { label: 'spam' })
  await world.settle()
  expect(said(world.linesOn(0))).toEqual(['expert: ham', 'expert: retraction'])
  expect(world.outbox.truths.counts()).toEqual([{ project: 'expert', stage: 'contentious', units: 1 }])
})

test('answers that somebody else edited, that nobody gave or that have no label of the task do not count', async () => {
  const world = new TruthWorld(POLICY)
  world.plan('crowd', 0)
  const answered: readonly Said[] = [
    { label: 'ham' },
    { label: 'ham', editedBy: 7 },
    { label: 'egg' },
    { skipped: true },
  ]
  for (const [index, one] of answered.entries()) world.answer('crowd', 0, index, one)
  expect(await world.settle()).toMatchObject({ settled: 0, escalated: 0 })
  world.answer('crowd', 0, 5, { unclear: true })
  world.answer('crowd', 0, 6, { unclear: true, label: 'ham' })
  await world.settle()
  expect(world.outbox.truths.of(world.unit('crowd', 0).id)).toMatchObject([
    { stage: 'escalated', verdict: { why: ['unclear'], tally: { answers: 2, unclear: 2, skipped: 1, uncounted: 2 } } },
  ])
})

test("of strangers nothing counts: not an answer to an expert's task, not a crowd made of invitations, not a flag", async () => {
  const world = new TruthWorld({
    classes: ['ham', 'spam'],
    crowd: { project: 'crowd', agreeing: 2, maximum: 3, unclear: 2, members: [1, 2, 3] },
    expert: { project: 'expert', members: [9] },
  })
  world.plan('crowd', 0)
  world.plan('expert', 0)
  for (const sybil of [11, 12, 13]) world.answer('crowd', 0, sybil, { label: 'ham', unclear: true })
  world.answer('expert', 0, 1, { label: 'ham' })
  expect(await world.settle()).toMatchObject({ settled: 0, escalated: 0 })
  answers(world, 0, ['spam', 'spam'])
  world.answer('expert', 0, 9, { label: 'spam' })
  expect(await world.settle()).toMatchObject({ settled: 2 })
  expect(said(world.linesOn(0)).toSorted()).toEqual(['crowd: spam', 'expert: spam'])
})

test("what somebody else hands in under the name of an annotator leaves the annotator's own answer counting", async () => {
  const world = new TruthWorld(POLICY)
  world.plan('crowd', 0)
  answers(world, 0, ['spam', 'spam'])
  const unit = world.unit('crowd', 0).id
  for (const [index, annotator] of [1, 2].entries()) {
    const created = new Date(world.now + 5000).toISOString().replace('Z', '000Z')
    const content = { annotator, editedBy: 7, skipped: false, result: [{ label: 'ham' }] }
    world.outbox.write(() =>
      world.outbox.answers.take(unit, { annotation: 50 + index, created, updated: created, content }),
    )
  }
  expect(await world.settle()).toMatchObject({ settled: 1 })
  expect(said(world.linesOn(0))).toEqual(['crowd: spam'])
})

test('a line whose ID the register knows with other content is said again as the next version', async () => {
  const world = new TruthWorld(POLICY)
  world.plan('crowd', 0)
  answers(world, 0, ['spam', 'spam'])
  // What an outbox made that was lost since: the same project, prediction and version, and another label.
  const lost = new TruthWorld(POLICY)
  lost.plan('crowd', 0)
  answers(lost, 0, ['ham', 'ham'])
  await lost.settle()
  for (const [id, line] of lost.lines) world.lines.set(id, line)

  await world.settle()
  expect(said(world.linesOn(0))).toEqual(['crowd: ham'])
  expect(await world.settle()).toMatchObject({ touched: 0, settled: 1 })
  expect(said(standing(world.linesOn(0)))).toEqual(['crowd: spam'])
  expect(await world.settle()).toMatchObject({ settled: 0, retracted: 0 })
})

describe('a refit', () => {
  const crowd = {
    classes: ['ham', 'spam'],
    prior: [0.5, 0.5],
    confusion: [0.95, 0.95, 0.95, 0.95].map((s) => coin(s, 2)),
  }
  const UNITS = 120
  /** A crowd that knows what it does; annotator 0 alone answers the last unit, and then turns careless on the others. */
  async function careless(release: number): Promise<TruthWorld> {
    const world = new TruthWorld({
      ...POLICY,
      crowd: { project: 'crowd', agreeing: 4, minimum: 1, maximum: 4, posterior: 0.85, release },
    })
    world.plan('crowd', ...Array.from({ length: UNITS + 1 }, (_, index) => index))
    const { rows, truths } = crowdAnswers(crowd, UNITS, 3, 1)
    for (const { unit, rater, value } of rows) world.answer('crowd', unit, rater, { label: value })
    world.answer('crowd', UNITS, 0, { label: 'spam' })
    await world.settle()
    const random = seededRandom(5)
    for (const [unit, truth] of truths.entries()) {
      if (random() < 0.25) world.answer('crowd', unit, 0, { label: truth === 'ham' ? 'spam' : 'ham' })
    }
    await world.settle()
    return world
  }

  test('that lowers a posterior below its bound takes the line back, although nobody touched the unit', async () => {
    const world = await careless(0.85)
    expect(said(world.linesOn(UNITS))).toEqual(['crowd: spam', 'crowd: retraction'])
    expect(world.linesOn(UNITS)[0]).toMatchObject({ method: 'majority/1', posterior: expect.closeTo(0.95, 1) })
    const [settled, open] = world.outbox.truths.of(world.unit('crowd', UNITS).id)
    expect(settled?.verdict).toMatchObject({ by: 'posterior' })
    expect(open).toMatchObject({ stage: 'open', verdict: { why: expect.arrayContaining(['low-posterior']) } })
  })

  test('that lowers it no further than release does not', async () => {
    const world = await careless(0.51)
    expect(said(world.linesOn(UNITS))).toEqual(['crowd: spam'])
  })
})
