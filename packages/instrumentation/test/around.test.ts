import { defineTask, formatTrackingId, type Task } from '@groundtrace/core'
import { tracePrediction, type Pipeline } from '@groundtrace/instrumentation'
import * as fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { record } from './recording.ts'
import { startContextManager, startSdk, stop } from './sdk-host.ts'
import { FILTER, FILTERED, SPAM } from './spam-filter.ts'

afterEach(stop)

const TOPIC = defineTask({ name: 'topic', kind: 'multiclass', classes: ['sport', 'arts'] })

/** A tracked function that runs what it is given inside of the prediction. */
const around = (task: Task, pipeline: Pipeline | undefined) =>
  tracePrediction(async <T>(inside: () => T): Promise<Awaited<T>> => await inside(), {
    task,
    model: FILTER,
    pipeline,
    describe: () => ({ value: task.classes?.[0] ?? '' }),
  })

describe('a prediction names the whole that answers its task', () => {
  test('which is the outermost of the task, however deep the member is', async () => {
    startContextManager()
    const { pipeline, predictions } = record(SPAM)
    const [spam, topic] = [around(SPAM, pipeline), around(TOPIC, pipeline)]
    await spam(() => spam(() => topic(() => spam(() => topic(() => undefined)))))
    const [topicMember, spamMember, topicWhole, spamInner, spamWhole] = predictions()
    expect([topicMember?.parent, topicMember?.whole]).toEqual([spamMember?.id, topicWhole?.id])
    expect([spamMember?.parent, spamMember?.whole]).toEqual([topicWhole?.id, spamWhole?.id])
    expect([topicWhole?.parent, topicWhole?.whole]).toEqual([spamInner?.id, undefined])
    expect([spamInner?.parent, spamInner?.whole]).toEqual([spamWhole?.id, spamWhole?.id])
    expect([spamWhole?.parent, spamWhole?.whole]).toEqual([undefined, undefined])
  })

  test('and never one that has no event: what no ledger holds can be no whole', async () => {
    startContextManager()
    const { pipeline, predictions } = record(SPAM)
    const [told, untold] = [around(SPAM, pipeline), around(SPAM, undefined)]
    await untold(() => told(() => untold(() => told(() => undefined))))
    const [member, whole] = predictions()
    expect([member?.parent, member?.whole]).toEqual([whole?.id, whole?.id])
    expect([whole?.parent, whole?.whole]).toEqual([undefined, undefined])
  })

  test('also on the span', async () => {
    const host = startSdk()
    const { pipeline } = record(SPAM)
    const { trackingId } = await around(SPAM, pipeline)(() => around(SPAM, pipeline)(() => undefined))
    expect(host.spans().map(({ attributes }) => attributes['groundtrace.prediction.whole'])).toEqual([
      trackingId,
      undefined,
    ])
  })

  test('also when it runs on after the whole is done, and not when it begins beside it', async () => {
    startContextManager()
    const { pipeline, predictions } = record(SPAM)
    const spam = around(SPAM, pipeline)
    const gate = Promise.withResolvers<void>()
    let late: Promise<unknown> | undefined
    await spam(() => {
      late = gate.promise.then(() => spam(() => undefined))
    })
    await spam(() => undefined)
    gate.resolve()
    await late
    const [first, beside, member] = predictions()
    expect(beside?.whole).toBeUndefined()
    expect(member?.whole).toBe(first?.id)
  })

  test('as describe says it where no context carries it', async () => {
    const { pipeline, predictions } = record(SPAM)
    const id = formatTrackingId({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) })
    const member = { ...FILTERED, pipeline, describe: (value: string) => ({ value, parent: id, whole: id }) }
    await tracePrediction(() => 'ham', member)()
    expect(predictions()).toMatchObject([{ parent: id, whole: id }])
  })

  test('law: however predictions are nested, as many have no whole as there were calls from outside', async () => {
    startContextManager()
    const { tree: trees } = fc.letrec<{ tree: readonly unknown[] }>((tie) => ({
      tree: fc.oneof({ depthSize: 'small' }, fc.constant([]), fc.array(tie('tree'), { maxLength: 3 })),
    }))
    await fc.assert(
      fc.asyncProperty(fc.array(trees, { maxLength: 4 }), async (calls) => {
        const { pipeline, predictions } = record(SPAM)
        const spam = around(SPAM, pipeline)
        const run = (inside: readonly unknown[]): Promise<unknown> =>
          spam(() => Promise.all(inside.map((one) => run(one as readonly unknown[]))))
        await Promise.all(calls.map(run))
        const told = predictions()
        expect(told.filter(({ whole }) => whole === undefined)).toHaveLength(calls.length)
        const ids = new Set(told.map(({ id }) => id))
        expect(told.filter(({ parent, whole }) => [parent, whole].some((one) => one && !ids.has(one)))).toEqual([])
      }),
    )
  })

  test('of a batch is the call, and not one of its rows', async () => {
    startContextManager()
    const { pipeline, predictions } = record(SPAM)
    const inner = tracePrediction(() => 'ham', { ...FILTERED, pipeline })
    const { trackingIds } = await tracePrediction(async (texts: string[]) => Promise.all(texts.map(() => inner())), {
      ...FILTERED,
      pipeline,
      rows: (texts) => texts.length,
      describe: () => ({ value: 'spam' }),
    })(['a', 'b'])
    const call = trackingIds[0]?.replace(/-0$/, '')
    expect(predictions().map(({ whole }) => whole)).toEqual([call, call, undefined, undefined])
  })
})
