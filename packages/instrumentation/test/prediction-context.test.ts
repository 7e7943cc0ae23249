import { formatTrackingId } from '@groundtrace/core'
import { createContextKey, isSpanContextValid, ROOT_CONTEXT, trace, type Context } from '@opentelemetry/api'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { NOTHING_AROUND } from '../src/around.ts'
import { PredictionContext, Running, runningIn } from '../src/prediction-context.ts'

const spanOf = (digit: string) =>
  trace.wrapSpanContext({ traceId: digit.repeat(32), spanId: digit.repeat(16), traceFlags: 1 })
const runningOf = (digit: string): Running =>
  new Running(formatTrackingId({ traceId: digit.repeat(32), spanId: digit.repeat(16) }), NOTHING_AROUND)

const KEYS = ['a', 'b', 'c'].map((name) => createContextKey(name))

/** One step that a host may take with a context. */
const steps = fc.array(
  fc.oneof(
    fc.record({ set: fc.constantFrom(...KEYS), value: fc.nat(5) }),
    fc.record({ delete: fc.constantFrom(...KEYS) }),
    fc.record({ span: fc.constantFrom('1', '2', '3') }),
    fc.constant({ noSpan: true }),
  ),
)
type Step = typeof steps extends fc.Arbitrary<(infer S)[]> ? S : never

function take(context: Context, step: Step): Context {
  if ('set' in step) return context.setValue(step.set, step.value)
  if ('delete' in step) return context.deleteValue(step.delete)
  return 'span' in step ? trace.setSpan(context, spanOf(step.span)) : trace.deleteSpan(context)
}

const seen = (context: Context) => [...KEYS.map((key) => context.getValue(key)), trace.getSpanContext(context)]

test('law: whatever is done to it, it holds what one of the API would, and the prediction', () => {
  fc.assert(
    fc.property(steps, steps, (before, after) => {
      const outer = before.reduce(take, ROOT_CONTEXT)
      const running = runningOf('a')
      const [ours, apis] = [PredictionContext.within(outer, spanOf('9'), running), trace.setSpan(outer, spanOf('9'))]
      expect(seen(ours)).toEqual(seen(apis))
      const changed = after.reduce(take, ours)
      expect(seen(changed)).toEqual(seen(after.reduce(take, apis)))
      expect(runningIn(changed)).toBe(running)
      expect(seen(ours)).toEqual(seen(apis))
    }),
  )
})

test('without a span of its own the one around stays active', () => {
  const outer = trace.setSpan(ROOT_CONTEXT, spanOf('1'))
  expect(trace.getSpan(PredictionContext.within(outer, undefined, runningOf('a')))).toBe(trace.getSpan(outer))
  const bare = PredictionContext.within(ROOT_CONTEXT, undefined, runningOf('a'))
  expect(isSpanContextValid(trace.getSpanContext(bare) ?? { traceId: '', spanId: '', traceFlags: 0 })).toBe(false)
})

test('one inside another holds the inner prediction, and what the host set in between', () => {
  const [key = createContextKey('a')] = KEYS
  const outer = PredictionContext.within(ROOT_CONTEXT, spanOf('1'), runningOf('a')).setValue(key, 'between')
  const inner = PredictionContext.within(outer, spanOf('2'), runningOf('b'))
  expect(inner.getValue(key)).toBe('between')
  expect(runningIn(inner)?.id).toBe(runningOf('b').id)
  expect(runningIn(outer)?.id).toBe(runningOf('a').id)
})

test('a context that cannot be read runs no prediction', () => {
  const broken: Context = {
    getValue() {
      throw new Error('not yours')
    },
    setValue: () => broken,
    deleteValue: () => broken,
  }
  expect(runningIn(broken)).toBeUndefined()
})
