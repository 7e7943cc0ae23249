import { expect, test } from 'vitest'
import { crowdConsensus, type CrowdRating } from '../../src/truth/consensus-choice.ts'
import { crowdVerdict, type CrowdVerdict } from '../../src/truth/crowd-verdict.ts'
import { checkedTruthPolicy } from '../../src/truth/truth-policy.ts'
import { coin, crowdAnswers, type Crowd } from './random-crowd.ts'

const UNITS = 1500
const MAXIMUM = 5
const CROWD: Crowd = {
  classes: ['ham', 'spam'],
  prior: [0.7, 0.3],
  confusion: [0.95, 0.9, 0.85, 0.8, 0.75, 0.7].map((skill) => coin(skill, 2)),
}

/** Answers come one by one, a unit at a time in turn, until each is settled or has all that it may have. */
function askUntilSettled(seed: number, policy: NonNullable<ReturnType<typeof checkedTruthPolicy>['crowd']>) {
  const { rows, truths } = crowdAnswers(CROWD, UNITS, MAXIMUM, seed)
  const all = Map.groupBy(rows, ({ unit }) => unit)
  let asked: CrowdRating[] = []
  const verdicts = new Map<number, CrowdVerdict>()
  for (let count = 1; count <= MAXIMUM; count += 1) {
    for (const [unit, own] of all) {
      if (verdicts.get(unit)?.state === 'settled') continue
      asked = [...asked, ...own.slice(count - 1, count)]
    }
    const byUnit = Map.groupBy(asked, ({ unit }) => unit)
    const { beliefOf } = crowdConsensus(asked)
    for (const [unit, own] of byUnit) {
      const votes = own.map(({ rater, value }) => ({ annotator: rater, label: value }))
      const standing = verdicts.get(unit)
      verdicts.set(
        unit,
        crowdVerdict(
          { votes, unclear: 0, skipped: 0, uncounted: 0 },
          beliefOf(unit),
          policy,
          standing?.state === 'settled' ? standing.label : undefined,
        ),
      )
    }
  }
  return { truths, verdicts, answers: asked.length }
}

test('who stops as soon as a posterior allows it asks less, and is right as often as the posteriors say', () => {
  const { crowd } = checkedTruthPolicy({
    classes: CROWD.classes,
    crowd: { project: 'crowd', agreeing: MAXIMUM, posterior: 0.95, maximum: MAXIMUM },
  })
  if (crowd === undefined) throw new Error('there is a crowd')
  let [settled, right, promised, variance, answers] = [0, 0, 0, 0, 0]
  for (const seed of [1, 2, 3]) {
    const run = askUntilSettled(seed, crowd)
    answers += run.answers
    for (const [unit, verdict] of run.verdicts) {
      if (verdict.state !== 'settled') continue
      const { posterior = 0 } = verdict
      settled += 1
      promised += posterior
      variance += posterior * (1 - posterior)
      if (verdict.label === run.truths[unit]) right += 1
    }
  }
  expect(settled).toBeGreaterThan((3 * UNITS) / 2)
  expect(answers).toBeLessThan(0.9 * 3 * UNITS * MAXIMUM)
  expect(Math.abs(right - promised)).toBeLessThan(4 * Math.sqrt(variance))
})
