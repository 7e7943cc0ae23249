import { seededRandom } from '@groundtrace/statistics'
import { describe, expect, test } from 'vitest'
import { annotatorReport, type AnnotatorReport } from '../../src/annotators/annotator-report.ts'
import { annotatorReportText } from '../../src/annotators/report-text.ts'
import type { TruthPolicy } from '../../src/truth/truth-policy.ts'
import { readAnswer, TruthWorld, type Said } from '../truth/truth-world.ts'

const POLICY: TruthPolicy = {
  classes: ['ham', 'spam'],
  crowd: { project: 'crowd' },
  expert: { project: 'expert' },
}
const DAY_MS = 24 * 3600 * 1000
/** A Monday. */
const START = Date.UTC(2026, 0, 5, 9)

interface Member {
  readonly number: number
  /** How often right, by week. */
  readonly skill: readonly number[]
  readonly seconds?: number
  /** Says what another member says. */
  readonly copies?: number
  /** Says this, whatever it is. */
  readonly always?: string
}

interface Crowd {
  readonly members: readonly Member[]
  readonly units: number
  readonly weeks?: number
  readonly policy?: TruthPolicy
  /** Every n-th unit goes to an expert who is always right. */
  readonly expertEvery?: number
}

/** A crowd that answers, each member every unit, in so many weeks. */
async function crowdWorld({ members, units, weeks = 1, policy = POLICY, expertEvery }: Crowd): Promise<TruthWorld> {
  const world = new TruthWorld(policy)
  const random = seededRandom('annotators')
  const all = Array.from({ length: units }, (_, index) => index)
  world.plan('crowd', ...all)
  for (const unit of all) {
    const week = Math.floor((unit * weeks) / units)
    const truth = unit % 2 === 0 ? 'spam' : 'ham'
    world.now = START + (week * 7 + (unit % 5)) * DAY_MS
    const said = new Map<number, string>()
    for (const { number, skill, seconds, copies, always } of members) {
      const isRight = random() < (skill[week] ?? skill[0] ?? 0)
      const own = isRight ? truth : truth === 'spam' ? 'ham' : 'spam'
      const label = always ?? (copies === undefined ? own : (said.get(copies) ?? own))
      said.set(number, label)
      world.answer('crowd', unit, number, { label, ...(seconds !== undefined && { seconds: seconds + (unit % 3) }) })
    }
    if (expertEvery !== undefined && unit % expertEvery === 0) {
      world.plan('expert', unit)
      world.answer('expert', unit, 99, { label: truth })
    }
  }
  await world.settle()
  return world
}

function reportOf(world: TruthWorld, policy = POLICY): AnnotatorReport {
  const report = annotatorReport({ outbox: world.outbox, policy, readAnswer })
  if (report === undefined) throw new Error('it has a crowd')
  return report
}

const good = (number: number, seconds?: number): Member => ({ number, skill: [0.9], ...(seconds && { seconds }) })

test('people stand in order of their numbers, each with what is known of them alone', async () => {
  const world = await crowdWorld({ members: [good(12), { number: 3, skill: [0.7] }, good(7), good(5)], units: 200 })
  const { annotators, consensus, agreement } = reportOf(world)
  expect(annotators.map(({ annotator }) => annotator)).toEqual([3, 5, 7, 12])
  expect(consensus).toMatchObject({ annotators: 4, answers: 800, units: 200 })
  expect(agreement.band).toBeDefined()
  for (const { accuracy, annotator } of annotators) {
    if (accuracy.state !== 'known') throw new Error(`${annotator} has ${accuracy.answers} judged answers`)
    const [low, high] = accuracy.interval
    const truly = annotator === 3 ? 0.7 : 0.9
    expect(low).toBeLessThan(truly)
    expect(high).toBeGreaterThan(truly)
  }
  const [worst] = annotators
  expect(worst?.influence).toBeLessThan(0)
})

test('of who has answered little, no share is given', async () => {
  const world = await crowdWorld({ members: [good(1), good(2), good(3)], units: 60 })
  world.plan('crowd', 60)
  for (const annotator of [1, 2, 3, 4]) world.answer('crowd', 60, annotator, { label: 'spam', seconds: 5 })
  const entry = reportOf(world).annotators.find(({ annotator }) => annotator === 4)
  expect(entry).toMatchObject({
    answers: 1,
    accuracy: { state: 'too-little', answers: 1 },
    agreement: { state: 'too-little', answers: 1 },
    pace: { state: 'too-little' },
    careless: { haste: 'unknown', habit: 'unknown' },
  })
  expect(entry?.accuracy).not.toHaveProperty('value')
})

test('experts judge where they have settled a unit, also against the crowd', async () => {
  const world = await crowdWorld({ members: [good(1), good(2), good(3)], units: 20 })
  world.plan('expert', ...Array.from({ length: 20 }, (_, index) => index))
  // The crowd says the opposite of the experts everywhere.
  for (let unit = 0; unit < 20; unit += 1) {
    for (const annotator of [1, 2, 3]) world.answer('crowd', unit, annotator, { label: 'ham' })
    world.answer('expert', unit, 99, { label: 'spam' })
  }
  await world.settle()
  for (const { accuracy, confusion } of reportOf(world).annotators) {
    expect(accuracy).toMatchObject({ state: 'known', answers: 20, value: expect.closeTo(0, 9), byExperts: 20 })
    expect(confusion).toEqual({ ham: { ham: 0, spam: 0 }, spam: { ham: 20, spam: 0 } })
  }
})

describe('carelessness', () => {
  test('is told of who answers faster than the others can read, not of who is merely quick', async () => {
    const members = [good(1, 12), good(2, 12), good(3, 8), { ...good(4), seconds: 1 }]
    const { annotators } = reportOf(await crowdWorld({ members, units: 100 }))
    expect(annotators.map(({ careless }) => careless.haste)).toEqual(['no', 'no', 'no', 'yes'])
    const [, , , hasty] = annotators
    expect(hasty?.pace).toMatchObject({ state: 'known', answers: 100 })
  })

  test('is told of who always says the same', async () => {
    const members = [good(1), good(2), good(3), { number: 4, skill: [1], always: 'ham' }]
    const { annotators } = reportOf(await crowdWorld({ members, units: 150 }))
    expect(annotators.map(({ careless }) => careless.habit)).toEqual(['no', 'no', 'no', 'yes'])
  })
})

test('who copies shares mistakes with whom they copy from, and with nobody else', async () => {
  const members = Array.from({ length: 7 }, (_, index) => ({ number: index + 1, skill: [0.85] }))
  const copying = [...members, { number: 8, skill: [0.85], copies: 2 }]
  const { annotators } = reportOf(await crowdWorld({ members: copying, units: 300 }))
  expect(annotators.map(({ sharesErrorsWith }) => sharesErrorsWith)).toEqual([[], [8], [], [], [], [], [], [2]])
})

const fiveMembers = (changed: readonly number[]): readonly Member[] =>
  [1, 2, 3, 4, 5].map((number) => ({ number, skill: changed.includes(number) ? [0.92, 0.92, 0.55] : [0.92] }))

describe('drift', () => {
  test('of one annotator is theirs', async () => {
    const report = reportOf(await crowdWorld({ members: fiveMembers([2]), units: 450, weeks: 3 }))
    expect(report.drift).toMatchObject({ current: '2026-01-19', verdict: 'raters', drifted: [2] })
    const changed = report.annotators.find(({ annotator }) => annotator === 2)
    expect(changed?.drift).toMatchObject({ drifted: true })
    expect(changed?.periods.map(({ period }) => period)).toEqual(['2026-01-05', '2026-01-12', '2026-01-19'])
  })

  test('of all is that of the guidelines or of the world, as experts see it', async () => {
    const crowd = { members: fiveMembers([1, 2, 3, 4, 5]), units: 450, weeks: 3, expertEvery: 2 }
    const report = reportOf(await crowdWorld(crowd))
    expect(report.driftByExperts).toMatchObject({ verdict: 'many', drifted: [] })
  })

  test('of nobody is none', async () => {
    const report = reportOf(await crowdWorld({ members: fiveMembers([]), units: 450, weeks: 3 }))
    expect(report.drift).toMatchObject({ verdict: 'none', drifted: [] })
  })
})

test('periods say under which guidelines answers were given, and how often a unit was unclear', async () => {
  const world = new TruthWorld(POLICY)
  world.plan('crowd', 0, 1)
  const answered: readonly (readonly [number, number, Said])[] = [
    [0, 1, { label: 'ham', guidelineVersion: 'a1' }],
    [0, 2, { unclear: true, skipped: true, guidelineVersion: 'a1' }],
    [1, 1, { label: 'ham', guidelineVersion: 'b2' }],
  ]
  for (const [unit, annotator, said] of answered) {
    world.now = START + unit * 7 * DAY_MS
    world.answer('crowd', unit, annotator, said)
  }
  expect(reportOf(world).periods).toEqual([
    { period: '2026-01-05', answers: 1, unclear: 1, guidelines: { a1: 2 } },
    { period: '2026-01-12', answers: 1, unclear: 0, guidelines: { b2: 1 } },
  ])
})

/** Mean of three logarithms. */
const logMean = (values: readonly number[]): number => values.reduce((sum, value) => sum + Math.log(value), 0) / 3

/** Σ x̄ ln (y / x̄) for x̄ = (1/3 ham, 2/3 spam), of who expects so much spam. */
const predicted = (share: number): number => (1 / 3) * Math.log((1 - share) * 3) + (2 / 3) * Math.log((share * 3) / 2)

test('answers that came with expectations are scored by Bayesian Truth Serum, and what was left out is counted', async () => {
  const world = new TruthWorld(POLICY)
  const units = Array.from({ length: 20 }, (_, index) => index)
  world.plan('crowd', ...units)
  // Of each unit two say spam and one ham; they expect 60, 60 and 40 % of people to say spam.
  const shares = [0.6, 0.6, 0.4]
  for (const unit of units) {
    for (const [annotator, spam] of shares.entries()) {
      const label = annotator === 2 ? 'ham' : 'spam'
      const faults = annotator === 2 && unit < 3 ? ['shares-sum'] : []
      world.answer('crowd', unit, annotator, { label, shares: { ham: 1 - spam, spam }, faults })
    }
  }
  // By hand: x̄ = (1/3, 2/3), ln ȳ = means of the logarithms of the shares expected of each class.
  const [ham, spam] = [logMean([0.4, 0.4, 0.6]), logMean([0.6, 0.6, 0.4])]
  const expected = [Math.log(2 / 3) - spam, Math.log(2 / 3) - spam, Math.log(1 / 3) - ham].map(
    (information, index) => ({
      information,
      prediction: predicted(shares[index] ?? 0),
    }),
  )
  const { annotators, faults } = reportOf(world)
  for (const [index, { serum }] of annotators.entries()) {
    const { information, prediction } = expected[index] ?? { information: Number.NaN, prediction: Number.NaN }
    expect(serum).toMatchObject({
      state: 'known',
      units: 20,
      information: expect.closeTo(information, 12),
      prediction: expect.closeTo(prediction, 12),
      total: expect.closeTo(information + prediction, 12),
    })
  }
  expect(faults).toEqual({ 'shares-sum': 3 })
})

test('groups of raters stand beside the people that the model serves', async () => {
  const policy: TruthPolicy = {
    ...POLICY,
    crowd: {
      project: 'crowd',
      groups: { members: { de: [1, 2, 3], en: [4] }, serves: { de: 0.4, en: 0.6 } },
    },
  }
  const world = await crowdWorld({ members: [good(1), good(2), good(3), good(4)], units: 100, policy })
  const { groups } = reportOf(world, policy)
  expect(groups).toMatchObject([
    // 300 of 400 answers; what stands for 0.4 has 0.75 of them.
    { group: 'de', annotators: 3, answers: 300, share: 0.75, serves: 0.4, weight: 0.4 / 0.75, represented: 'over' },
    { group: 'en', annotators: 1, answers: 100, share: 0.25, serves: 0.6, weight: 2.4, represented: 'under' },
  ])
  // Wilson's interval for 100 of 400 at 95 %, from its formula by hand: centre (0.25 + z²/800) / (1 + z²/400), z = 1.959964.
  expect(groups[1]?.interval[0]).toBeCloseTo(0.210_079, 6)
  expect(groups[1]?.interval[1]).toBeCloseTo(0.294_677, 6)
})

test('an empty project has a report that says nothing of anybody', () => {
  const report = reportOf(new TruthWorld(POLICY))
  expect(report).toMatchObject({ annotators: [], periods: [], groups: [], pairsUntested: 0 })
  expect(annotatorReportText(report)).toContain('0 answers of 0 annotators')
})

test('the text has the figures of the report, their intervals, and no name and no rank', async () => {
  const world = await crowdWorld({ members: [good(12), good(7, 4), { number: 3, skill: [0.7] }], units: 120 })
  const report = reportOf(world)
  const text = annotatorReportText(report)
  const at = report.annotators.map(({ annotator }) => text.indexOf(`Annotator ${annotator}:`))
  expect(at).toEqual(at.toSorted((a, b) => a - b))
  expect(at).not.toContain(-1)
  expect(text).toContain(`Agreement (Krippendorff's alpha): ${report.agreement.alpha?.toFixed(3)}`)
  expect(text).not.toMatch(/NaN|undefined|best|worst|rank/i)
})

test('a period that is no number of days is refused', () => {
  const { outbox } = new TruthWorld(POLICY)
  expect(() => annotatorReport({ outbox, policy: POLICY, readAnswer, periodDays: 0 })).toThrow('from 1')
})
