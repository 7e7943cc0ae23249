import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import { defineTask } from '@groundtrace/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLiveAnnotation, type LiveOptions } from '../../src/live/live-annotation.ts'
import type { LiveTask } from '../../src/live/live-board.ts'
import type { LiveDecision } from '../../src/live/live-decision.ts'
import type { LiveRules } from '../../src/live/live-rules.ts'
import type { Skill, Vote } from '../../src/live/weigh-votes.ts'

const TASK = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'] })
const RULES: LiveRules = { confident: 0.9, deadlineSeconds: 60 }
const unsure = { scores: { ham: 0.4, spam: 0.6 }, data: { text: 'an offer' } }

/** A clock that is moved by hand, and its timers. */
function clock() {
  let time = 0
  let timers: { at: number; work: () => void }[] = []
  return {
    now: () => time,
    timers: {
      setTimeout(work: () => void, milliseconds: number) {
        const timer = { at: time + milliseconds, work }
        timers.push(timer)
        return timer
      },
      clearTimeout(timer: never) {
        timers = timers.filter((one) => one !== timer)
      },
    },
    /** Lets so many seconds go by, with all that happens meanwhile. */
    pass: async (seconds: number) => {
      const until = time + seconds * 1000
      for (;;) {
        await setImmediate()
        const [next] = timers.filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)
        if (next === undefined) break
        timers = timers.filter((one) => one !== next)
        time = Math.max(time, next.at)
        next.work()
      }
      time = until
      await setImmediate()
    },
  }
}

/** A board in memory, in place of Label Studio, on which votes are put by hand. */
function setUp(rules: Partial<LiveRules> = {}, options: Partial<LiveOptions> = {}) {
  const time = clock()
  const posted: LiveTask[] = []
  const closed: string[] = []
  const votes = new Map<string, readonly Vote[]>()
  const troubles: unknown[] = []
  const live = createLiveAnnotation({
    task: TASK,
    rules: { ...RULES, ...rules },
    board: {
      post: async (tasks) => void posted.push(...tasks),
      votes: async () => votes,
      close: async (keys) => void closed.push(...keys),
    },
    skillOf: () => 0.9,
    onTrouble: (error) => troubles.push(error),
    now: time.now,
    timers: time.timers,
    ...options,
  })
  const say = (at: number, ...values: readonly string[]) =>
    votes.set(
      posted[at]?.key ?? '',
      values.map((value, annotator) => ({ annotator, value })),
    )
  return { live, ...time, posted, closed, say, troubles }
}

describe('live annotation', () => {
  it('lets a confident model answer straight away, and asks nobody', async () => {
    const { live, posted } = setUp()
    expect(await live.decide({ scores: { ham: 0.95, spam: 0.05 }, data: {} })).toEqual({
      value: 'ham',
      probability: 0.95,
      how: 'confident',
      votes: [],
      model: { value: 'ham', probability: 0.95 },
      seconds: 0,
    })
    expect(posted).toEqual([])
  })

  it('answers before the deadline when enough votes and the model are certain together', async () => {
    const { live, pass, say, posted, closed } = setUp()
    const deciding = live.decide(unsure)
    await pass(5)
    say(0, 'ham', 'ham')
    await pass(1)
    // 0.4 · 0.9² against 0.6 · 0.1².
    expect(await deciding).toMatchObject({
      value: 'ham',
      how: 'agreed',
      seconds: 6,
      model: { value: 'spam', probability: 0.6 },
    })
    expect((await deciding).probability).toBeCloseTo(0.324 / 0.33, 14)
    expect(closed).toEqual([posted[0]?.key])
  })

  it('waits on for a quorum, however sure one vote makes it', async () => {
    const { live, pass, say } = setUp({}, { skillOf: () => 0.99 })
    const deciding = live.decide(unsure)
    await pass(0)
    say(0, 'spam')
    await pass(60)
    expect(await deciding).toMatchObject({ value: 'spam', how: 'no-quorum', probability: 0.6, seconds: 60 })
  })

  it.each<[LiveRules['contention'], string]>([
    [undefined, 'spam'],
    ['most-probable', 'ham'],
    [{ value: 'ham' }, 'ham'],
  ])('decides what is contested at the deadline by the rule %j', async (contention, value) => {
    // Two who are right six times of ten, and say the same: 0.4 · 0.36 against 0.6 · 0.16, and back by one more.
    const rules = contention === undefined ? {} : { contention }
    const { live, pass, say } = setUp({ ...rules, contestedBelow: 0.25 }, { skillOf: () => 0.6 })
    const deciding = live.decide(unsure)
    await pass(0)
    say(0, 'ham', 'ham')
    await pass(60)
    expect(await deciding).toMatchObject({ value, how: 'contested' })
    const probability = value === 'ham' ? 0.144 / 0.24 : 0.096 / 0.24
    expect((await deciding).probability).toBeCloseTo(probability, 14)
  })

  it('answers what is clear enough at the deadline', async () => {
    const { live, pass, say } = setUp({}, { skillOf: () => 0.7 })
    const deciding = live.decide(unsure)
    await pass(0)
    say(0, 'ham', 'ham')
    await pass(60)
    // 0.4 · 0.49 against 0.6 · 0.09.
    expect(await deciding).toMatchObject({ value: 'ham', how: 'cutoff', seconds: 60 })
    expect((await deciding).probability).toBeCloseTo(0.196 / 0.25, 14)
  })

  it.each<[string, Partial<LiveOptions['board']>]>([
    [
      'can not be reached',
      {
        post: async () => await Promise.reject(new Error('down')),
        votes: async () => await Promise.reject(new Error('down')),
      },
    ],
    [
      'never answers',
      { post: async () => await new Promise(() => undefined), votes: async () => await new Promise(() => undefined) },
    ],
  ])('answers by the deadline although the board %s', async (_, broken) => {
    const board = { post: async () => undefined, votes: async () => new Map(), close: async () => undefined, ...broken }
    const { live, pass } = setUp({}, { board })
    const deciding = live.decide(unsure)
    await pass(60)
    expect(await deciding).toMatchObject({ value: 'spam', how: 'no-quorum', seconds: 60 })
  })

  it('shows so many at once, those that came first first, and answers at once what would wait behind too many', async () => {
    const { live, pass, posted, say } = setUp({ capacity: 2, mostWaiting: 1 })
    const [first, second, third, fourth] = ['a', 'b', 'c', 'd'].map((text) =>
      live.decide({ ...unsure, data: { text } }),
    )
    await pass(0)
    expect(await fourth).toMatchObject({ value: 'spam', how: 'overloaded', seconds: 0 })
    expect(posted.map(({ data }) => data['text'])).toEqual(['a', 'b'])
    expect(live.load()).toMatchObject({ open: 2, waiting: 1, capacity: 2 })
    say(1, 'ham', 'ham')
    await pass(2)
    expect((await second)?.how).toBe('agreed')
    expect(posted.map(({ data }) => data['text'])).toEqual(['a', 'b', 'c'])
    await pass(60)
    expect([(await first)?.seconds, (await third)?.seconds]).toEqual([60, 60])
    expect(live.load()).toMatchObject({ open: 0, waiting: 0, decided: { agreed: 1, overloaded: 1, 'no-quorum': 2 } })
  })

  it('keeps what is private from annotators', async () => {
    const { live, posted } = setUp()
    expect(await live.decide({ ...unsure, private: true })).toMatchObject({ value: 'spam', how: 'withheld' })
    expect(posted).toEqual([])
  })

  it('looks at once when told that votes have come, and leaves out what is no class', async () => {
    const { live, pass, say } = setUp({ pollSeconds: 30 })
    const deciding = live.decide(unsure)
    await pass(1)
    say(0, 'spam', 'constructor', 'spam')
    live.hint()
    await pass(0)
    expect(await deciding).toMatchObject({ value: 'spam', how: 'agreed', seconds: 1 })
    expect((await deciding).votes.map(({ annotator }) => annotator)).toEqual([0, 2])
  })

  it('decides on all that is open when it ends', async () => {
    const { live, pass, posted } = setUp({ capacity: 1 })
    const deciding = [live.decide(unsure), live.decide(unsure)]
    await pass(1)
    live.close()
    expect((await Promise.all(deciding)).map(({ how }) => how)).toEqual(['no-quorum', 'no-quorum'])
    expect(posted).toHaveLength(1)
  })

  it('gives every prediction one answer by its deadline, whatever the board does', async () => {
    const event = fc.record({
      wait: fc.integer({ min: 0, max: 20 }),
      what: fc.constantFrom('decide', 'vote', 'break', 'mend', 'hint'),
      at: fc.nat({ max: 20 }),
      values: fc.array(fc.constantFrom('ham', 'spam', '?'), { maxLength: 4 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 40 }), fc.integer({ min: 1, max: 3 }), async (events, capacity) => {
        let broken = false
        const told = new Map<string, readonly Vote[]>()
        const posted: LiveTask[] = []
        const failing = <T>(value: T): Promise<T> =>
          broken ? Promise.reject(new Error('down')) : Promise.resolve(value)
        const board = {
          post: async (tasks: readonly LiveTask[]) => void posted.push(...(await failing(tasks))),
          votes: async () => await failing(told),
          close: async () => await failing(undefined),
        }
        const { live, pass } = setUp({ capacity, mostWaiting: 2 }, { board })
        const decisions: LiveDecision[] = []
        let asked = 0
        for (const { wait, what, at, values } of events) {
          await pass(wait)
          if (what === 'decide') {
            asked += 1
            void live.decide(unsure).then((decision) => decisions.push(decision))
          } else if (what === 'vote') {
            const votes = values.map((value, annotator) => ({ annotator, value }))
            told.set(posted[at % Math.max(posted.length, 1)]?.key ?? '', votes)
          } else if (what === 'hint') live.hint()
          else broken = what === 'break'
        }
        await pass(61)
        expect(decisions).toHaveLength(asked)
        expect(decisions.every(({ seconds }) => seconds <= 60)).toBe(true)
        const { decided, open, waiting } = live.load()
        expect([open, waiting, Object.values(decided).reduce((sum, count) => sum + count, 0)]).toEqual([0, 0, asked])
      }),
      { numRuns: 60 },
    )
  })

  it.each<[string, () => Skill | undefined]>([
    ['throws', () => assert.fail('no skill')],
    ['is no number', () => Number.NaN],
    ['has a row too few', () => [[0.9, 0.1]]],
  ])('takes an annotator whose skill %s for one of whom nothing is known', async (_, skillOf) => {
    const { live, pass, say, troubles } = setUp({}, { skillOf })
    const deciding = live.decide(unsure)
    await pass(1)
    say(0, 'ham', 'ham')
    await pass(60)
    // 0.4 · 0.75² against 0.6 · 0.25².
    const probability = expect.closeTo(0.225 / 0.2625, 12)
    expect(await deciding).toMatchObject({ value: 'ham', probability, how: 'cutoff', seconds: 60 })
    expect(troubles).not.toEqual([])
  })

  it('decides by the deadline on a board that throws where it should reject', async () => {
    const board = {
      post: () => assert.fail('down'),
      votes: () => assert.fail('down'),
      close: () => assert.fail('down'),
    }
    const { live, pass, troubles } = setUp({ capacity: 1 }, { board })
    const deciding = [live.decide(unsure), live.decide(unsure)]
    await pass(61)
    expect((await Promise.all(deciding)).map(({ how }) => how)).toEqual(['no-quorum', 'no-quorum'])
    expect(troubles.length).toBeGreaterThan(0)
  })

  it.each([
    [{ scores: { ham: 0.4, spam: 0.4 } }, /no probabilities/],
    [{ scores: { ham: Number.NaN, spam: 1 } }, /no probabilities/],
    [{ scores: undefined as never }, /no probabilities/],
  ])('refuses %j', async (prediction, message) => {
    await expect(setUp().live.decide({ data: {}, ...prediction })).rejects.toThrow(message)
  })

  it.each<[Partial<LiveRules>, RegExp]>([
    [{ confident: 0.5 }, /confident is 0.5/],
    [{ deadlineSeconds: 0 }, /deadlineSeconds is 0/],
    [{ deadlineSeconds: 30 * 24 * 3600 }, /deadlineSeconds is 2592000/],
    [{ quorum: 0 }, /quorum is 0/],
    [{ contention: { value: 'other' } }, /contention is/],
    [{ contention: 'dice' as never }, /contention is/],
  ])('refuses the rules %j', (rules, message) => {
    expect(() => setUp(rules)).toThrow(message)
  })
})
