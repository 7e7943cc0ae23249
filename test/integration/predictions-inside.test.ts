import { defineTask, feedbackId, type Feedback, type Task, type TrackingId } from '@groundtrace/core'
import { createPipeline, tracePrediction, type Description } from '@groundtrace/instrumentation'
import { loopMetrics } from '@groundtrace/prometheus'
import { openSqliteRegister, registerProcessor } from '@groundtrace/register'
import { context } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import * as fc from 'fast-check'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, expect, test } from 'vitest'

const HOUR = 3600 * 1000
const START = Date.UTC(2026, 0, 1)
const SPAM = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'], horizonSeconds: 3600 })
/** Nobody who disputes within the hour proves that it was honest. */
const FRAUD = defineTask({
  name: 'fraud',
  kind: 'binary',
  classes: ['honest', 'fraud'],
  horizonSeconds: 3600,
  silence: 'honest',
})

/** A prediction of a task, and those that are made inside of it. */
interface Tree {
  readonly task: Task
  readonly positive: boolean
  readonly inside: readonly Tree[]
}

/** A request: what is predicted for it, and what becomes of the answer. */
interface Request extends Tree {
  readonly answer: 'right' | 'wrong' | 'none'
  readonly byKey: boolean
}

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.record({
    task: fc.constantFrom(SPAM, SPAM, FRAUD),
    positive: fc.boolean(),
    inside: fc.oneof({ depthSize: 'small' }, fc.constant([]), fc.array(tie('tree'), { maxLength: 3 })),
  }),
}))
const request: fc.Arbitrary<Request> = fc
  .record({ tree, answer: fc.constantFrom('right', 'wrong', 'none'), byKey: fc.boolean() })
  .map(({ tree: { inside }, ...rest }) => ({ ...rest, task: SPAM, positive: true, inside }))

/** What answers a task itself: in a tree, whatever has none of its task around it. */
function wholesIn({ task, inside }: Tree, around: readonly Task[] = []): readonly Task[] {
  const itself = around.includes(task) ? [] : [task]
  return [...itself, ...inside.flatMap((one) => wholesIn(one, [...around, task]))]
}

const answered = { right: true, wrong: false } as const

/** The page of the exporter after a service has answered these requests, and people have answered the service. */
async function pageOf(requests: readonly Request[]): Promise<string> {
  const register = openSqliteRegister({ path: ':memory:', tasks: [SPAM, FRAUD], now: () => START + 10 * HOUR })
  const processor = registerProcessor(register, { tasks: [SPAM, FRAUD] })
  const pipeline = createPipeline({ processors: [processor] })
  let calls = 0
  const track = (task: Task, name: string, describe: (asked: Tree) => Description) =>
    tracePrediction(async ({ inside }: Tree) => void (await Promise.all(inside.map(predict))), {
      task,
      model: { name, version: '1' },
      pipeline,
      now: () => START + (calls += 1),
      describe: (_, { args: [asked] }) => describe(asked),
    })
  const predict = (asked: Tree): Promise<unknown> =>
    track(asked.task, `model-${asked.task.name}`, ({ task, positive }) => ({
      value: task.classes?.[positive ? 1 : 0] ?? '',
      policy: { variant: 'b', action: 'pass', propensity: 0.5, explored: true },
    }))(asked)
  const ask = (asked: Request, number: number): Promise<{ readonly trackingId: TrackingId }> =>
    track(SPAM, 'front', () => ({
      value: 'spam',
      entity: `mail-${number}`,
      policy: { action: 'block', propensity: 0.25, explored: true },
    }))(asked)

  const ids = await Promise.all(requests.map(ask))
  await pipeline.forceFlush()
  const feedback = requests.flatMap(({ answer, byKey }, number): readonly Feedback[] => {
    if (answer === 'none') return []
    const target = byKey
      ? { entity: `mail-${number}`, task: 'spam' }
      : { prediction: ids[number]?.trackingId as TrackingId }
    const common = {
      id: feedbackId('recipient', `answer-${number}`),
      target,
      time: START + HOUR / 2,
      source: 'recipient',
    }
    return [{ ...common, kind: 'rating', right: answered[answer] }]
  })
  const receipts = await register.appendFeedback(feedback)
  expect(receipts.filter(({ status }) => status !== 'stored')).toEqual([])
  await register.closeHorizons({ now: START + 5 * HOUR })

  const registry = new Registry()
  const metrics = loopMetrics({ register, registry })
  await metrics.update()
  const page = await registry.metrics()
  await pipeline.shutdown()
  await register.close()
  return page
}

/** Lines of wholes, of those models that people talk to. */
const ofFront = (page: string): readonly string[] =>
  page.split('\n').filter((line) => line.includes('part="whole"') && line.includes('model="front"'))

function sumOf(page: string, metric: string, ...labels: readonly string[]): number {
  return page
    .split('\n')
    .filter((line) => line.startsWith(`${metric}{`) && labels.every((label) => line.includes(label)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
}

beforeAll(() => void context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()))
afterAll(() => context.disable())

test('law: whatever is predicted inside of predictions, every figure of the wholes is as if nothing were', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 5 }), async (requests) => {
      const page = await pageOf(requests)
      const alone = await pageOf(requests.map((one) => ({ ...one, inside: [] })))
      expect(ofFront(page)).toEqual(ofFront(alone))

      const wholes = requests.flatMap((one) => wholesIn(one))
      for (const metric of ['groundtrace_predictions_total', 'groundtrace_outcomes_total'] as const) {
        expect(sumOf(page, metric, 'part="whole"', 'task="spam"')).toBe(requests.length)
        expect(sumOf(page, metric, 'part="whole"')).toBe(wholes.length)
      }
      // Asked of each question once; the models of members are counted nowhere but as members.
      expect(sumOf(page, 'groundtrace_holdout_eligible_total', 'part="whole"')).toBe(wholes.length)
      const known = requests.filter(({ answer }) => answer !== 'none').length
      expect(sumOf(page, 'groundtrace_feedback_total')).toBe(known)
      expect(sumOf(page, 'groundtrace_verdicts_total', 'part="whole"', 'task="spam"')).toBe(known)
      // Silence settles what answers the question of fraud itself, and none of its members.
      const frauds = wholes.filter((task) => task === FRAUD).length
      expect(sumOf(page, 'groundtrace_outcomes_total', 'part="whole"', 'task="fraud"', 'authority="silence"')).toBe(
        frauds,
      )
      expect(sumOf(page, 'groundtrace_verdicts_total', 'part="member"')).toBe(0)
    }),
    { numRuns: 8 },
  )
})

test('the members of an ensemble are right or wrong by the truth of the whole, however deep they are', async () => {
  const leaf = (positive: boolean, ...inside: readonly Tree[]): Tree => ({ task: SPAM, positive, inside })
  const ensemble = [leaf(true, leaf(false)), leaf(true), leaf(false)]
  const asked = { task: SPAM, positive: true, inside: ensemble, byKey: false } as const
  const page = await pageOf([
    { ...asked, answer: 'wrong' },
    { ...asked, answer: 'right' },
    { ...asked, answer: 'none' },
  ])
  // The front says spam. Of each request two members say spam and two say ham: right by turns, and unknown the third time.
  const metric = 'groundtrace_member_verdicts_total'
  expect(sumOf(page, metric, 'predicted="ham"', 'truth="ham"', 'verdict="correct"')).toBe(2)
  expect(sumOf(page, metric, 'predicted="spam"', 'truth="ham"', 'verdict="incorrect"')).toBe(2)
  expect(sumOf(page, metric, 'predicted="spam"', 'truth="spam"', 'verdict="correct"')).toBe(2)
  expect(sumOf(page, metric)).toBe(8)
  expect(sumOf(page, 'groundtrace_predictions_total', 'part="member"')).toBe(12)
})
