import { inspect } from 'node:util'
import { defineTask } from '@groundtrace/core'
import { createPipeline, tracePrediction } from '@groundtrace/instrumentation'
import { diag, DiagLogLevel } from '@opentelemetry/api'
import { afterEach, expect, test } from 'vitest'
import { tellable } from '../src/tellable.ts'

afterEach(() => diag.disable())

const SPAM = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'] })
const SAID = 'Dear Bob Brown, call 5551234567'

const thrower = (error: unknown) => (): never => {
  throw error
}

test.each<[string, (said: string) => object]>([
  ['describe throws what it could not parse', (said) => ({ describe: () => JSON.parse(said) as never })],
  ['describe throws a named error', (said) => ({ describe: thrower(Object.assign(new Error(said), { name: said })) })],
  ['describe throws a text', (said) => ({ describe: thrower(said) })],
  ['describe throws an object', (said) => ({ describe: thrower({ said }) })],
  ['describe throws an error with a cause', (said) => ({ describe: thrower(new TypeError('x', { cause: said })) })],
  ['describe throws what looks like a frame', (said) => ({ describe: thrower(new Error(`\n    at ${said}:1:1`)) })],
  ['the value is no class', (said) => ({ describe: () => ({ value: said }) })],
  ['an action is too long', (said) => ({ describe: () => ({ value: 'ham', policy: { action: said.repeat(20) } }) })],
  ['the propensity is a text', (said) => ({ describe: () => ({ value: 'ham', policy: { propensity: said } }) })],
  ['describe returns it', (said) => ({ describe: () => said })],
  ['the model is called so', (said) => ({ model: () => ({ name: said, version: said }) })],
  ['the model throws it', (said) => ({ model: thrower(new Error(said)) })],
  ['rows are counted so', (said) => ({ rows: () => said })],
])('a loss is told without what was said: %s', async (_, options) => {
  const told: unknown[] = []
  const tell = (...said: unknown[]): void => void told.push(...said)
  diag.setLogger(
    { error: tell, warn: tell, info: tell, debug: tell, verbose: tell },
    { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true },
  )
  told.length = 0
  const pipeline = createPipeline({
    processors: [{ onEmit() {}, forceFlush: async () => {}, shutdown: async () => {}, onLoss: tell }],
  })
  const model = { name: 'filter', version: '1' }
  const predict = tracePrediction(() => 'ham', {
    task: SPAM,
    model,
    pipeline,
    describe: () => ({ value: 'ham' }),
    ...options(SAID),
  })
  await predict()
  expect(Object.values(pipeline.loss())).toEqual([1])
  expect(told.length).toBeGreaterThan(3)
  expect(inspect(told, { depth: 9, showHidden: true })).not.toMatch(/bob|5551234/i)
})

test('a loss is told with what to do, and that what was said is withheld', async () => {
  const told: unknown[][] = []
  const tell = (...said: unknown[]): void => void told.push(said)
  diag.setLogger({ error: tell, warn: tell, info: tell, debug: tell, verbose: tell }, { suppressOverrideMessage: true })
  const pipeline = createPipeline({ processors: [] })
  const model = { name: 'filter', version: '1' }
  await tracePrediction(() => 'ham', { task: SPAM, model, pipeline, describe: thrower(new RangeError(SAID)) })()
  expect(told.find(([message]) => String(message).includes('describe-failed'))).toEqual([
    'groundtrace: an event was lost (describe-failed). describe threw: mend it where the lines below say. What it said is withheld, for it may repeat what a user or a model said. Further losses for this reason are only counted',
    expect.stringMatching(/^RangeError\n +at /),
  ])
})

test('of a fault that is told its class and where it was thrown are left', () => {
  expect(tellable(new RangeError(SAID))).toMatch(/^RangeError\n +at .*tellable\.test\.ts:\d+:\d+/)
  expect(tellable(undefined)).toBeUndefined()
})
