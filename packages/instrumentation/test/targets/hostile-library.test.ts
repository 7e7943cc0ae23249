import { defineTask } from '@groundtrace/core'
import { trackingIdOf, type OnnxModel, type PredictionInstrumentationConfig } from '@groundtrace/instrumentation'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { onnxruntimeNode } from '../../src/targets/onnxruntime-node.ts'
import { openai } from '../../src/targets/openai.ts'
import { record, type Recording } from '../recording.ts'
import { startSdk, type SdkHost } from '../sdk-host.ts'
import { unhandledRejections } from '../unhandled-rejections.ts'
import { patch } from './patched.ts'

const FAULT = new Error('not yours')
const fail = (): never => {
  throw FAULT
}
/** Throws at whatever is done to it. */
const hostile: object = new Proxy(fail, {
  get: fail,
  has: fail,
  ownKeys: fail,
  getPrototypeOf: fail,
  getOwnPropertyDescriptor: fail,
  defineProperty: fail,
  set: fail,
  apply: fail,
})
const cyclic: Record<string, unknown> = {}
cyclic['self'] = cyclic

/** Whatever a library may be given, or give. */
const VALUES: readonly (readonly [string, unknown])[] = [
  ['nothing', undefined],
  ['null', null],
  ['a BigInt', 10n ** 30n],
  ['a symbol', Symbol('answer')],
  ['a function', () => 1],
  ['a cyclic object', cyclic],
  ['an object that throws at every touch', hostile],
  ['a frozen object', Object.freeze({ choices: Object.freeze([]) })],
  ['a buffer that is detached', detached()],
  ['an object without a prototype', Object.create(null)],
]

const ANIMAL = defineTask({ name: 'animal', kind: 'multiclass', classes: ['cat', 'dog'] })
const ANSWER = defineTask({ name: 'answer', kind: 'generation' })
const ONNX: OnnxModel = { match: () => true, task: ANIMAL, model: { name: 'x', version: '1' }, scores: 'p' }
const scores = { p: { type: 'float32', dims: [1, 2], data: Float32Array.of(0.25, 0.75) } }

let host: SdkHost
unhandledRejections()
beforeEach(() => {
  host = startSdk()
})
afterEach(() => {
  host.stop()
})

type Run = (this: unknown, ...args: unknown[]) => unknown

/** What looks like ONNX Runtime, tracked, with a run of the test's. */
function sessions(run: Run, config: (recording: Recording) => PredictionInstrumentationConfig) {
  class InferenceSession {
    readonly outputNames = ['p']
    static create(): InferenceSession {
      return new InferenceSession()
    }
  }
  Object.assign(InferenceSession.prototype, { run })
  const recording = record(ANIMAL)
  patch(onnxruntimeNode, { InferenceSession }, config(recording))
  return { session: new InferenceSession() as unknown as { run: Run }, ...recording }
}

/** What looks like the client of OpenAI, tracked, with a create of the test's. */
function clients(create: Run) {
  class Completions {
    readonly _client = { baseURL: 'http://127.0.0.1/v1' }
  }
  Object.assign(Completions.prototype, { create })
  const recording = record(ANSWER)
  patch(openai, { OpenAI: { Chat: { Completions } } }, { pipeline: recording.pipeline, openai: [{ task: ANSWER }] })
  return { completions: new Completions() as unknown as { create: Run }, ...recording }
}

const declared = ({ pipeline }: Recording): PredictionInstrumentationConfig => ({ pipeline, onnxruntime: [ONNX] })

describe.each(VALUES)('a library', (name, value) => {
  test(`that is given ${name} gets it, as it is, and with its own this`, async () => {
    const seen: unknown[][] = []
    const see = async function (this: unknown, ...args: unknown[]): Promise<object> {
      seen.push([this, ...args])
      return scores
    }
    const { session } = sessions(see, declared)
    const { completions } = clients(see)
    await session.run(value, value)
    await completions.create(value, value)
    expect(seen.map(([self]) => self)).toEqual([session, completions])
    for (const [, first, second, ...more] of seen) {
      expect([first === value, second === value, more.length]).toEqual([true, true, 0])
    }
  })

  test(`that answers ${name} has it come through, as it is, with one span that ended`, async () => {
    const box = { value }
    for (const answer of [async () => box, () => box]) {
      const { session, pipeline } = sessions(answer, declared)
      expect(((await session.run({})) as typeof box).value === value).toBe(true)
      expect(pipeline.loss()).toEqual({ 'describe-failed': 1 })
      const { completions } = clients(answer)
      expect(((await completions.create({})) as typeof box).value === value).toBe(true)
    }
    expect(host.spans()).toHaveLength(4)
  })

  test(`that returns ${name} at once has it come through, as it is`, () => {
    const { session } = sessions(() => value, declared)
    expect(session.run({}) === value).toBe(true)
    const { completions } = clients(() => value)
    expect(completions.create({}) === value).toBe(true)
    expect(host.spans()).toHaveLength(2)
  })

  test(`that throws ${name} has it thrown, as it is, with one span that ended`, async () => {
    for (const thrown of [throwing(value), async () => throwing(value)()]) {
      for (const call of [sessions(thrown, declared).session.run, clients(thrown).completions.create]) {
        const { thrown: caught } = await settled(() => call({}))
        expect(caught === value).toBe(true)
      }
    }
    expect(host.spans().map(({ status }) => status.code)).toEqual([2, 2, 2, 2])
  })
})

const throwing =
  (value: unknown): Run =>
  () => {
    throw value
  }

/** What a call throws, at once or later. */
async function settled(call: () => unknown): Promise<{ readonly thrown: unknown }> {
  try {
    await call()
  } catch (thrown) {
    return { thrown }
  }
  throw new Error('nothing was thrown')
}

class OwnPromise<T> extends Promise<T> {
  withResponse(): string {
    return 'of the library'
  }
}

test('a promise of a class of the library is one of that class, with its methods', async () => {
  const { session } = sessions(() => OwnPromise.resolve(scores), declared)
  const run = session.run({})
  expect(run).toBeInstanceOf(OwnPromise)
  expect((run as OwnPromise<object>).withResponse()).toBe('of the library')
  expect(await run).toBe(scores)
  const completion = { choices: [] }
  const { completions } = clients(() => OwnPromise.resolve(completion))
  const created = completions.create({})
  expect((created as OwnPromise<object>).withResponse()).toBe('of the library')
  expect(await created).toBe(completion)
})

test('a promise that cannot be watched is given back as it is', async () => {
  const promise = Object.freeze(
    Object.assign(OwnPromise.resolve({ choices: [] }), {
      responsePromise: Promise.resolve({}),
      parseResponse: () => ({}),
      asResponse: async () => ({}),
      _thenUnwrap: () => ({}),
    }),
  )
  const { completions } = clients(() => promise)
  expect(completions.create({})).toBe(promise)
  await promise
  expect(host.spans()).toHaveLength(1)
})

test('a call does not wait for what is said of it', async () => {
  const order: string[] = []
  const { session } = sessions(
    async () => {
      order.push('predicted')
      return scores
    },
    ({ pipeline }) => ({
      pipeline,
      onnxruntime: [{ ...ONNX, describe: (async () => new Promise(() => {})) as unknown as () => object }],
    }),
  )
  await session.run({})
  order.push('given')
  expect(order).toEqual(['predicted', 'given'])
})

test('outputs that are frozen keep their ID', async () => {
  const outputs = Object.freeze({ ...scores })
  const { session, predictions } = sessions(async () => outputs, declared)
  expect(await session.run({})).toBe(outputs)
  expect(predictions()).toMatchObject([{ id: trackingIdOf(outputs), value: 'dog' }])
})

test('a session that throws at every touch runs', async () => {
  const { session } = sessions(async () => scores, declared)
  const run = session.run
  expect(await Reflect.apply(run, hostile, [{}])).toBe(scores)
})

test('a batch of more rows than there are IDs is counted, each row', async () => {
  const rows = 250_000
  const outputs = { p: { type: 'float32', dims: [rows, 2], data: new Float32Array(rows * 2) } }
  const { session, pipeline, records } = sessions(async () => outputs, declared)
  await session.run({})
  expect(records).toHaveLength(1000)
  expect(pipeline.loss()).toEqual({ 'rows-truncated': rows - 1000 })
})

test('a batch of no rows is no prediction, and no loss', async () => {
  const outputs = { p: { type: 'float32', dims: [0, 2], data: new Float32Array(0) } }
  const { session, pipeline, records } = sessions(async () => outputs, declared)
  await session.run({})
  expect([records, pipeline.loss(), trackingIdOf(outputs)]).toEqual([[], {}, undefined])
})

function detached(): ArrayBuffer {
  const buffer = new ArrayBuffer(8)
  structuredClone(buffer, { transfer: [buffer] })
  return buffer
}
