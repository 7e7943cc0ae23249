import { defineTask } from '@groundtrace/core'
import { getActiveTrackingId, tracePrediction } from '@groundtrace/instrumentation'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { record } from './recording.ts'
import { startSdk, type SdkHost } from './sdk-host.ts'

const WORDS = defineTask({ name: 'words', kind: 'generation' })
const SPEAKER = { task: WORDS, model: { name: 'speaker', version: '1' } }

async function* speak(text = 'one two three'): AsyncGenerator<string, string> {
  for (const word of text.split(' ')) yield word
  return 'the end'
}

/** A stream that is no iterator itself, as the clients of model servers return. */
const stream = (): AsyncIterable<string> => ({ [Symbol.asyncIterator]: () => speak() })

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

let host: SdkHost
beforeEach(() => {
  host = startSdk()
})
afterEach(() => host.stop())

function speaker(predict: () => AsyncIterable<string> | Promise<AsyncIterable<string>>) {
  const recording = record(WORDS)
  const tracked = tracePrediction(predict, {
    ...SPEAKER,
    pipeline: recording.pipeline,
    describe: (_, { items }) => ({ value: items.join(' ') }),
  })
  return { ...recording, tracked }
}

describe.each<[string, () => AsyncIterable<string> | Promise<AsyncIterable<string>>]>([
  ['an async generator', () => speak()],
  ['an async iterable', stream],
  ['a promise of an async iterable', async () => stream()],
])('%s', (_, predict) => {
  test('is one prediction, which ends when the stream does', async () => {
    const { tracked, predictions } = speaker(predict)
    const { value, trackingId } = await tracked()
    const heard: string[] = []
    for await (const word of value) {
      expect(host.spans()).toEqual([])
      expect(predictions()).toEqual([])
      heard.push(word)
    }
    expect(heard).toEqual(['one', 'two', 'three'])
    expect(predictions()).toMatchObject([{ id: trackingId, value: 'one two three' }])
    expect(host.spans()).toHaveLength(1)
  })

  test('ends with what came when its reader stops', async () => {
    const { tracked, predictions } = speaker(predict)
    for await (const word of (await tracked()).value) if (word === 'two') break
    expect(predictions().map(({ value }) => value)).toEqual(['one two'])
    expect(host.spans()).toHaveLength(1)
  })
})

test('a stream comes back as the very same object, whose iterators are its own', async () => {
  const own = stream()
  const generator = speak()
  const tracked = speaker(() => own).tracked
  expect((await tracked()).value).toBe(own)
  expect((await speaker(() => generator).tracked()).value).toBe(generator)
  expect(Object.keys(own)).toEqual([])
  expect(await generator.next()).toEqual({ done: false, value: 'one' })
  expect(await generator.return('enough')).toEqual({ done: true, value: 'enough' })
})

test('a stream that fails is a prediction that failed, and the reader gets the very same error', async () => {
  const fault = new RangeError('cut off')
  const { tracked, predictions } = speaker(async function* () {
    yield 'one'
    throw fault
  })
  const { value } = await tracked()
  const reading = (async () => {
    for await (const _ of value);
  })()
  await expect(reading).rejects.toBe(fault)
  expect(predictions()).toMatchObject([{ error: 'RangeError' }])
  expect(host.spans()[0]?.attributes).toMatchObject({ 'error.type': 'RangeError' })
})

test('a stream is made in the context of its prediction, whoever reads it', async () => {
  const { tracked } = speaker(async function* () {
    yield String(getActiveTrackingId())
  })
  const { value, trackingId } = await tracked()
  for await (const active of value) expect(active).toBe(trackingId)
})

// braintrustdata/braintrust-sdk-python#621: what comes later, nested in what came before.
test('what is predicted while a stream is read is no part of it', async () => {
  const { tracked } = speaker(stream)
  const other = speaker(stream)
  for await (const _ of (await tracked()).value) {
    expect(getActiveTrackingId()).toBeUndefined()
    for await (const __ of (await other.tracked()).value);
  }
  expect(other.predictions()).toHaveLength(3)
  expect(other.predictions().every(({ parent }) => parent === undefined)).toBe(true)
})

test('a stream that is read twice is one prediction', async () => {
  const { tracked, predictions } = speaker(stream)
  const { value } = await tracked()
  for await (const _ of value);
  for await (const _ of value);
  expect(predictions()).toHaveLength(1)
})

test('of a stream without end 10,000 items are kept, and the others counted', async () => {
  const lengths: number[] = []
  const { pipeline } = record(WORDS)
  const tracked = tracePrediction(
    async function* () {
      for (let count = 0; count < 10_003; count += 1) yield count
    },
    {
      ...SPEAKER,
      pipeline,
      describe: (_, { items }) => {
        lengths.push(items.length)
        return { value: '' }
      },
    },
  )
  for await (const _ of (await tracked()).value);
  expect(lengths).toEqual([10_000])
  expect(pipeline.droppedFields()).toEqual({ items: 3 })
})

test('a stream that lets nobody add to it is described at once, and unharmed', async () => {
  const frozen = Object.freeze(stream())
  const { tracked, predictions } = speaker(() => frozen)
  const { value } = await tracked()
  expect(predictions().map((prediction) => prediction.value)).toEqual([''])
  const heard: string[] = []
  for await (const word of value) heard.push(word)
  expect(heard).toEqual(['one', 'two', 'three'])
})

test('a stream that everybody forgot ends its span, and its answer is counted as lost', async () => {
  const { tracked, pipeline } = speaker(stream)
  await tracked()
  while (host.spans().length === 0) {
    collectGarbage()
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(pipeline.loss()).toEqual({ 'answer-forgotten': 1 })
})

describe.each<[string, () => AsyncIterable<string>]>([
  ['a stream of the web', () => ReadableStream.from(['one', 'two', 'three'])],
  ['a stream of Node', () => Readable.from(['one', 'two', 'three'])],
])('%s', (_, make) => {
  test('that is iterated is one prediction, and stays what it is', async () => {
    const own = make()
    const { tracked, predictions } = speaker(() => own)
    const { value } = await tracked()
    expect(value).toBe(own)
    const heard: string[] = []
    for await (const word of value) heard.push(word)
    expect(heard).toEqual(['one', 'two', 'three'])
    expect(predictions()).toMatchObject([{ value: 'one two three' }])
  })

  // langchain-ai/langsmith-sdk#896: streams that came out as something else.
  test('that is read in another way comes whole, and ends its span and its prediction when it is forgotten', async () => {
    const { tracked, pipeline } = speaker(make)
    expect(await readOtherwise((await tracked()).value)).toEqual(['one', 'two', 'three'])
    while (host.spans().length === 0) {
      collectGarbage()
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(pipeline.loss()).toEqual({ 'answer-forgotten': 1 })
  })
})

/** By a reader, or by events: by what iterates nothing. */
async function readOtherwise(stream: AsyncIterable<string>): Promise<readonly string[]> {
  const heard: string[] = []
  if (stream instanceof ReadableStream) {
    const reader = (stream as ReadableStream<string>).getReader()
    for (let read = await reader.read(); !read.done; read = await reader.read()) heard.push(read.value)
    return heard
  }
  const readable = stream as Readable
  readable.on('data', (word: string) => heard.push(word))
  await once(readable, 'end')
  return heard
}
