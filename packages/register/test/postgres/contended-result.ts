import type { Register } from '@groundtrace/core'
import { expect } from 'vitest'
import { DAY, START } from '../../src/testing/fixtures.ts'
import { byLatestState, type ContendedWorld } from './contended-world.ts'

/** What must be the same whatever the order of arrival. */
export async function contendedResult(register: Register, world: ContendedWorld): Promise<unknown> {
  await register.closeHorizons({ now: START + 100 * DAY })
  while ((await register.advance('latest', 'outcomes', byLatestState, 50)) > 0);
  const verdicts: unknown[] = []
  for (const { id } of world.predictions) {
    const outcomes = await register.outcomesOf(id)
    // What it rests on is as it was when the verdict last changed.
    const { state, label, ruledOut, correct, authority } = outcomes.at(-1) ?? {}
    verdicts.push({ id, state, label, ruledOut, correct, authority })
    // Numbered without gaps, each replacing the one before, and one horizon line.
    expect(outcomes.map(({ version }) => version)).toEqual(outcomes.map((_, index) => index + 1))
    expect(outcomes.filter(({ phase }) => phase === 'horizon')).toHaveLength(1)
  }
  const { feedback, ...totals } = await register.totals()
  const { stored, held, orphaned, conflict, rejected } = feedback
  const counts = (await register.counts('latest')).filter(({ value }) => value !== 0)
  const everyFeedback = await Promise.all(world.feedback.map(async ({ id }) => (await register.feedback(id))?.status))
  return {
    verdicts,
    totals,
    feedback: { stored, held, orphaned, conflict, rejected },
    counts,
    versions: (await register.versions()).toSorted((a, b) => (a.version < b.version ? -1 : 1)),
    everyFeedback,
  }
}
