/** What the instrumentations of others do to `create` of `openai`, as far as it can get in the way of ours. */

type Create = (this: unknown, ...args: unknown[]) => unknown

interface Stream {
  iterator: () => AsyncIterator<unknown>
  tee: () => [AsyncIterable<unknown>, AsyncIterable<unknown>]
}

interface ApiPromise extends Promise<unknown> {
  readonly _thenUnwrap: (transform: (answer: unknown) => unknown) => ApiPromise
}

const ignore = (): undefined => undefined

const isStream = (answer: unknown): answer is Stream => typeof (answer as Partial<Stream>)?.tee === 'function'

async function* reading(iterator: AsyncIterator<unknown>): AsyncGenerator {
  for await (const item of { [Symbol.asyncIterator]: () => iterator }) yield item
}

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}

/**
 * Patches a method as most instrumentations do, with shimmer: what was there is called.
 * @returns what puts it back, unless somebody patched on top
 */
function patch(owner: { create: Create }, made: (original: Create) => Create): () => void {
  const { create } = owner
  const patched = made(create)
  owner.create = patched
  return () => {
    if (owner.create === patched) owner.create = create
  }
}

/** `@opentelemetry/instrumentation-openai`: listens to the promise, and reads the items of a stream on the way. */
function listening(owner: { create: Create }): () => void {
  return patch(
    owner,
    (original) =>
      function (...args) {
        const promise = Reflect.apply(original, this, args) as ApiPromise
        if ((args[0] as { stream?: boolean }).stream === true) {
          return promise.then((answer) => {
            const stream = answer as Stream
            const { iterator } = stream
            stream.iterator = () => reading(iterator())
            return stream
          })
        }
        promise.then(ignore, ignore)
        return promise
      },
  )
}

/** `@arizeai/openinference-instrumentation-openai`: makes the promise over, and splits a stream to read a half of its own. */
function splitting(owner: { create: Create }): () => void {
  return patch(
    owner,
    (original) =>
      function (...args) {
        return (Reflect.apply(original, this, args) as ApiPromise)._thenUnwrap((answer) => {
          if (!isStream(answer)) return answer
          const [left, right] = answer.tee()
          drain(right).catch(ignore)
          return left
        })
      },
  )
}

export const OTHERS: Readonly<Record<string, (owner: { create: Create }) => () => void>> = { listening, splitting }
