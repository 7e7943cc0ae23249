import {
  horizonOf,
  resolve,
  unfit,
  type Count,
  type Feedback,
  type JoinedOutcome,
  type Outcome,
  type Prediction,
  type Register,
  type Resolution,
  type Totals,
} from '@groundtrace/core'
import { describe, expect, it } from 'vitest'
import { DAY, START, TASKS, wholeLedger } from './fixtures.ts'
import { isAbout, randomSteps, randomWorld, seeded, type Step, type World } from './random-world.ts'
import { over, type OpenRegister } from './under-test.ts'

const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1)

async function take(register: Register, step: Step): Promise<void> {
  if ('predictions' in step) await register.appendPredictions(step.predictions)
  else if ('feedback' in step) await register.appendFeedback(step.feedback)
  else await register.closeHorizons(step)
}

const verdict = ({ state, label, ruledOut, correct, authority }: Outcome | Resolution): unknown =>
  JSON.parse(JSON.stringify({ state, label, ruledOut, correct, authority }))

/** All fitting feedback on a prediction: what `resolve` is given by somebody who has it all at once. */
function said({ predictions, feedback }: World, prediction: Prediction): readonly Feedback[] {
  const number = predictions.indexOf(prediction) + 1
  return feedback.filter((line) => isAbout(line, number) && unfit(prediction, line) === undefined)
}

/** Numbered from 1, each with what it replaces; one horizon line, after the early and before the late ones. */
function expectLadder(prediction: Prediction, outcomes: readonly Outcome[]): void {
  const horizon = outcomes.findIndex(({ phase }) => phase === 'horizon')
  const phaseAt = (index: number): Outcome['phase'] => {
    if (index === horizon) return 'horizon'
    return horizon === -1 || index < horizon ? 'early' : 'late'
  }
  expect(outcomes.map(({ version, phase, replaces }) => ({ version, phase, replaces }))).toEqual(
    outcomes.map((_, index) => {
      const before = outcomes[index - 1]
      return { version: index + 1, phase: phaseAt(index), replaces: before && verdict(before) }
    }),
  )
  expect(outcomes.filter(({ phase }) => phase === 'horizon').map(({ time }) => time)).toEqual(
    horizon === -1 ? [] : [horizonOf(prediction)],
  )
  const needless = outcomes.filter(
    (outcome) => outcome.phase !== 'horizon' && JSON.stringify(outcome.replaces) === JSON.stringify(verdict(outcome)),
  )
  expect(needless).toEqual([])
}

/** Holds the register against `resolve` on the whole set, prediction by prediction. */
async function expectResolved(register: Register, world: World): Promise<Pick<Totals, 'open' | 'outcomes'>> {
  const totals = { open: 0, outcomes: { settled: 0, contested: 0, retracted: 0, expired: 0, censored: 0 } }
  for (const prediction of world.predictions) {
    const outcomes = await register.outcomesOf(prediction.id)
    expectLadder(prediction, outcomes)
    const closed = outcomes.some(({ phase }) => phase === 'horizon')
    const whole = resolve(prediction, said(world, prediction), closed ? { now: horizonOf(prediction) } : {})
    const latest = outcomes.at(-1)
    // Nothing is written of a prediction of which nothing is known.
    expect(latest && verdict(latest)).toEqual(whole.state === 'open' ? undefined : verdict(whole))
    if (whole.state === 'open') totals.open += 1
    else totals.outcomes[whole.state] += 1
    const held = (await register.feedbackOn(prediction.id)).filter(({ status }) => status === 'held')
    expect(new Set(held.map((joined) => joined.feedback.id))).toEqual(new Set(whole.held))
  }
  return totals
}

const byVerdict = (lines: readonly JoinedOutcome[]): readonly Count[] =>
  lines.map(({ outcome, prediction }) => ({
    name: 'outcomes',
    labels: { task: prediction.task.name, state: outcome.state, phase: outcome.phase },
    value: 1,
  }))

function recounted(counts: readonly Count[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const { name, labels, value } of counts) {
    const key = JSON.stringify([name, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))])
    sums.set(key, (sums.get(key) ?? 0) + value)
  }
  return sums
}

/** The verdicts of all predictions, one after the other, after the same feedback was sent in calls of so many lines. */
async function verdictsOf(open: OpenRegister, world: World, linesPerCall: number): Promise<readonly unknown[]> {
  const ladders: unknown[] = []
  await over(open, TASKS, async (register) => {
    await register.appendPredictions(world.predictions)
    for (let from = 0; from < world.feedback.length; from += linesPerCall) {
      await register.appendFeedback(world.feedback.slice(from, from + linesPerCall))
    }
    for (const { id } of world.predictions) ladders.push(await register.outcomesOf(id))
  })
  return ladders
}

const HORIZONS: ReadonlyMap<string, number> = new Map(
  TASKS.map(({ name, horizonSeconds }) => [name, horizonSeconds * 1000]),
)

/** Laws that hold for any lines in any order of arrival; worlds are made from a seed. */
export function lawCases(open: OpenRegister): void {
  describe('whatever comes in whatever order', () => {
    it.each(SEEDS)('leaves the same outcomes, however many lines a call has (seed %i)', async (seed) => {
      const world = randomWorld(seeded(seed))
      const oneByOne = await verdictsOf(open, world, 1)
      expect(await verdictsOf(open, world, 7)).toEqual(oneByOne)
      expect(await verdictsOf(open, world, world.feedback.length)).toEqual(oneByOne)
    })

    it.each(SEEDS)('ends where resolve on the whole set ends, and every figure equals a recount (seed %i)', (seed) =>
      over(open, TASKS, async (register) => {
        const random = seeded(seed)
        const world = randomWorld(random)
        for (const step of randomSteps(random, world)) {
          await take(register, step)
          if (random() < 0.3) await register.advance('quality', 'outcomes', byVerdict, 1 + Math.floor(random() * 5))
        }
        const before = await expectResolved(register, world)
        expect(await register.totals()).toMatchObject(before)

        await register.closeHorizons({ now: START + 100 * DAY })
        const after = await expectResolved(register, world)
        expect(after.open).toBe(0)
        const totals = await register.totals()
        expect(totals).toMatchObject({ ...after, predictions: world.predictions.length })

        const joined = await wholeLedger(register, 'feedback', 7)
        const ids = joined.map((line) => line.feedback.id)
        expect(new Set(ids).size).toBe(ids.length)
        expect(totals.feedback.stored + totals.feedback.held).toBe(ids.length)
        const everywhere = await Promise.all(world.feedback.map((line) => register.feedback(line.id)))
        expect(everywhere.filter((line) => line?.status === 'orphaned')).toHaveLength(totals.feedback.orphaned)
        expect(everywhere.filter((line) => line?.status === 'held')).toHaveLength(totals.feedback.held)

        while ((await register.advance('quality', 'outcomes', byVerdict, 4)) > 0);
        const naive = recounted(byVerdict(await wholeLedger(register, 'outcomes', 11)))
        expect(recounted(await register.counts())).toEqual(naive)
        const versions = await register.versions()
        expect(versions.reduce((sum, { predictions }) => sum + predictions, 0)).toBe(world.predictions.length)
      }),
    )

    it.each(SEEDS.slice(0, 8))('erasing and pruning change no figure and no outcome that is left (seed %i)', (seed) =>
      over(open, TASKS, async (register) => {
        const random = seeded(seed)
        const world = randomWorld(random)
        const now = START + 4 * DAY
        for (const step of randomSteps(random, world)) {
          if ('now' in step) await register.closeHorizons({ now })
          else await take(register, step)
          if (random() < 0.2) await register.eraseUser('alice')
        }
        await register.closeHorizons({ now })
        while ((await register.advance('quality', 'outcomes', byVerdict, 50)) > 0);
        const { removed: _, ...before } = await register.totals()
        const [counts, versions] = [await register.counts(), await register.versions()]
        const outcomes = new Map<string, readonly Outcome[]>()
        for (const { id } of world.predictions) outcomes.set(id, await register.outcomesOf(id))
        for (const user of ['alice', 'bob']) await register.eraseUser(user)

        const limit = START + random() * 3 * DAY
        const isOld = ({ time, task }: Prediction): boolean =>
          time < limit && time + (HORIZONS.get(task.name) ?? 0) <= now
        expect(await register.prune({ before: limit })).toBe(world.predictions.filter(isOld).length)
        expect(await register.totals()).toMatchObject(before)
        expect([await register.counts(), await register.versions()]).toEqual([counts, versions])
        for (const prediction of world.predictions) {
          const left = isOld(prediction) ? [] : outcomes.get(prediction.id)
          expect(await register.outcomesOf(prediction.id)).toEqual(left)
        }
        expect(
          (await wholeLedger(register, 'feedback', 50)).filter(({ feedback: { user } }) => user !== undefined),
        ).toEqual([])
      }),
    )
  })
}
