import { defineTask, type Count, type JoinedOutcome, type Prediction } from '@groundtrace/core'
import { feedbackMaturity, loopMetrics, type Maturity } from '@groundtrace/prometheus'
import { kaplanMeier, seededRandom } from '@groundtrace/statistics'
import { Registry } from 'prom-client'
import { describe, expect, test } from 'vitest'
import { countAnswered, countAsked } from '../../src/maturity/count-maturity.ts'
import { closed, prediction } from '../lines.ts'
import { MemoryRegister } from '../memory-register.ts'

/** Steps of a second. */
const TASK = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'], horizonSeconds: 32 })

/** So many predictions at a second, and after how many seconds some of them were answered. */
interface Group {
  readonly second: number
  readonly asked: number
  readonly delays: readonly number[]
}

const times = (count: number, delay: number): readonly number[] => Array.from({ length: count }, () => delay)

function linesOf(groups: readonly Group[], now: number) {
  const predictions: Prediction[] = []
  const outcomes: JoinedOutcome[] = []
  for (const { second, asked, delays } of groups) {
    const about = prediction({ task: TASK, time: second * 1000 })
    predictions.push(...Array.from({ length: asked }, () => about))
    for (const delay of delays.filter((one) => second + one <= now)) {
      outcomes.push({ ...closed(about, { phase: 'early' }), recorded: (second + delay) * 1000 })
    }
  }
  return { predictions, outcomes }
}

function countsOf(groups: readonly Group[], now: number): readonly Count[] {
  const { predictions, outcomes } = linesOf(groups, now)
  return [...countAsked(predictions), ...countAnswered(outcomes)]
}

async function maturityAt(now: number, groups: readonly Group[], from?: number, until?: number): Promise<Maturity> {
  const counts = countsOf(groups, now)
  return await feedbackMaturity(
    { counts: () => Promise.resolve(counts) },
    {
      task: 'spam',
      now: now * 1000,
      ...(from === undefined ? {} : { from: from * 1000 }),
      ...(until === undefined ? {} : { until: until * 1000 }),
    },
  )
}

/** 100 of long ago: 40 were answered within a second, 20 more in the sixteenth. */
const OLD: Group = { second: 0, asked: 100, delays: [...times(40, 0.8), ...times(20, 15.5)] }
/** 50 that have been watched for eight seconds, 20 of them answered. */
const YOUNG: Group = { second: 91, asked: 50, delays: times(20, 0.8) }

describe('of two cohorts', () => {
  test('the young one is still to get a third of its answers', async () => {
    const { toCome, curve, ...rest } = await maturityAt(100, [OLD, YOUNG], 90, 100)
    expect(rest).toEqual({ task: 'spam', predictions: 50, answered: 20 })
    // Of 150 at risk 60 answered, then of the 60 old ones left 20: S = 0.6, then 0.4. The young 30: 1 − 0.4 / 0.6 of them.
    expect(curve.map(({ delaySeconds, atRisk }) => [delaySeconds, atRisk])).toEqual([
      [1, 150],
      [16, 60],
    ])
    expect(curve.map(({ answered }) => answered)).toEqual([expect.closeTo(0.4), expect.closeTo(0.6)])
    expect(toCome?.share).toBeCloseTo(10 / 30)
    // The share of the 60 at risk that answers later, with its own interval.
    const later = kaplanMeier([
      { time: 16, events: 20 },
      { time: 32, censored: 40 },
    ]).at(32)
    const ends = later?.interval?.map((survival) => (30 * (1 - survival)) / (30 * (1 - survival) + 20)) ?? []
    expect(toCome?.interval).toEqual([expect.closeTo(ends[1] ?? 0), expect.closeTo(ends[0] ?? 0)])
  })

  test('the old one has got all that it will get', async () => {
    expect((await maturityAt(100, [OLD, YOUNG], 0, 1)).toCome).toEqual({ share: 0, interval: [0, 0] })
  })

  test('where nothing else is said, the last horizon is meant', async () => {
    expect(await maturityAt(100, [OLD, YOUNG])).toMatchObject({ predictions: 50, answered: 20 })
  })

  test('the page of metrics shows the same, once all is counted', async () => {
    const register = new MemoryRegister()
    const { predictions, outcomes } = linesOf([OLD, YOUNG], 100)
    register.lines.predictions.push(...predictions)
    register.lines.outcomes.push(...outcomes)
    const registry = new Registry()
    loopMetrics({ register, registry, linesPerScrape: 100, now: () => 100_000 })
    const shown = async () =>
      /^groundtrace_answers_to_come_ratio\{task="spam"\} (.*)$/m.exec(await registry.metrics())?.[1]
    expect([await shown(), await shown()]).toEqual([undefined, undefined])
    expect(Number(await shown())).toBeCloseTo(1 / 3)
  })
})

test.each<[what: string, groups: readonly Group[], why: RegExp]>([
  ['nothing was predicted', [], /no prediction/],
  ['nothing of the time asked about', [OLD], /no prediction/],
  ['few have been watched to the end', [{ ...OLD, asked: 29, delays: times(29, 1) }, YOUNG], /only 29 predictions/],
  ['few answers have come', [{ ...OLD, delays: times(9, 1) }, YOUNG], /only 29 answers/],
])('where %s it is unknown, and says why', async (_, groups, why) => {
  const { toCome, reason } = await maturityAt(100, groups)
  expect(toCome).toBeUndefined()
  expect(reason).toMatch(why)
})

test('over many seconds the share to come is about what comes', async () => {
  const random = seededRandom('maturity')
  // Six in ten are answered, after 8 seconds on average and within the horizon.
  const delay = (): number | undefined => {
    const drawn = -8 * Math.log(1 - random())
    return random() < 0.6 && drawn < 32 ? drawn : undefined
  }
  const groups = Array.from({ length: 110 }, (_, second): Group => {
    const delays = Array.from({ length: 200 }, delay).filter((one) => one !== undefined)
    return { second, asked: 200, delays }
  })
  for (const age of [0, 2, 5, 10, 20]) {
    const second = 99 - age
    const { toCome, answered } = await maturityAt(100, groups, second, second + 1)
    const delays = groups[second]?.delays ?? []
    const later = delays.filter((one) => second + one > 100).length
    const [low, high] = toCome?.interval ?? [1, 0]
    expect(answered + later).toBe(delays.length)
    // 200 draws of a cohort move by chance: three standard deviations of a binomial share, beside the interval.
    const chance = 3 * Math.sqrt(0.25 / delays.length)
    expect(later / delays.length).toBeGreaterThan(low - chance)
    expect(later / delays.length).toBeLessThan(high + chance)
    expect(high - low).toBeLessThan(0.1)
  }
})

test.each([
  ['no options', undefined],
  ['a task that is none', { task: ' ' }],
  ['a time that is none', { task: 'spam', from: Number.NaN }],
])('%s is refused', async (_, options) => {
  const register = { counts: () => Promise.resolve([]) }
  await expect(feedbackMaturity(register, options as never)).rejects.toMatchObject({ code: 'invalid-argument' })
})
