import { attempt } from './attempt.ts'
import { followCall, type Outcome } from './follow.ts'

/** Told what comes out of an async iterable: any number of items, and then one end. */
export interface StreamWatcher<Stream extends object = object> {
  item(value: unknown): void
  /** Everything came, or whoever read it stopped before that. */
  ended(stream: Stream): void
  failed(thrown: unknown): void
  /** Nobody can read it any more, and nobody read it to its end. It is gone: hold nothing that holds it. */
  forgotten(): void
  /** Runs each step of the stream: where a context is made active. */
  run<T>(step: () => T): T
}

type Method = (...args: unknown[]) => unknown

const forgotten = new FinalizationRegistry<Pick<StreamWatcher, 'forgotten'>>((watch) => watch.forgotten())

/** True for what `for await` takes. Never throws, whatever the value does when it is looked at. */
export function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false
  try {
    return typeof (value as Partial<AsyncIterable<unknown>>)[Symbol.asyncIterator] === 'function'
  } catch {
    return false
  }
}

/**
 * Watches a stream from outside: the stream stays the same object, with the same items at the same time, and its
 * iterators are the very ones that it makes. Only the first iteration counts.
 * @param source the method that makes the iterator. Default `Symbol.asyncIterator`
 * @returns false when the stream can't be watched; then the watcher is never told anything
 */
export function watchIterable<Stream extends object>(
  stream: Stream,
  watcher: StreamWatcher<Stream>,
  source: PropertyKey = Symbol.asyncIterator,
): boolean {
  const watch = once(watcher)
  if (attempt(() => typeof (stream as { next?: unknown }).next).value === 'function') {
    return watchIterator(stream, stream, watch)
  }
  const original = attempt(() => (stream as Record<PropertyKey, unknown>)[source]).value
  if (typeof original !== 'function') return false
  const watched = replace(stream, source, function (this: unknown, ...args) {
    const iterator: unknown = watch.run(() => Reflect.apply(original, this, args) as unknown)
    if (typeof iterator === 'object' && iterator !== null) watchIterator(iterator, stream, watch)
    return iterator
  })
  if (watched) forgotten.register(stream, watch)
  return watched
}

function watchIterator<Stream extends object>(iterator: object, stream: Stream, watch: StreamWatcher<Stream>): boolean {
  const { next } = iterator as { next?: unknown }
  if (typeof next !== 'function') return false
  const step: Outcome = {
    succeeded(result) {
      const { done, value } = result as IteratorResult<unknown>
      if (done === true) watch.ended(stream)
      else watch.item(value)
    },
    failed: (thrown) => watch.failed(thrown),
  }
  const stop: Outcome = { succeeded: () => watch.ended(stream), failed: (thrown) => watch.failed(thrown) }

  function wrap(method: 'next' | 'return' | 'throw', outcome: Outcome): boolean {
    const original = (iterator as Record<string, unknown>)[method]
    if (typeof original !== 'function') return false
    return replace(iterator, method, function (this: unknown, ...args) {
      return followCall(() => watch.run(() => Reflect.apply(original, this, args) as unknown), outcome)
    })
  }

  const watched = attempt(() => wrap('next', step)).value === true
  if (!watched) return false
  attempt(() => wrap('return', stop))
  attempt(() => wrap('throw', stop))
  if (iterator === stream) forgotten.register(stream, watch)
  return true
}

/** Gives an object a method of its own in the place of the one it has; it is seen as much as that one was. */
function replace(owner: object, key: PropertyKey, method: Method): boolean {
  const replaced = attempt(() => {
    const { enumerable = false } = Object.getOwnPropertyDescriptor(owner, key) ?? {}
    Object.defineProperty(owner, key, { value: method, configurable: true, writable: true, enumerable })
    return (owner as Record<PropertyKey, unknown>)[key] === method
  })
  return replaced.value === true
}

/** The watcher, told of one end only, and of no item after it. */
function once<Stream extends object>(watcher: StreamWatcher<Stream>): StreamWatcher<Stream> {
  let over = false
  const end = (tell: () => void): void => {
    if (over) return
    over = true
    attempt(tell)
  }
  return {
    item(value) {
      if (!over) watcher.item(value)
    },
    ended: (stream) => end(() => watcher.ended(stream)),
    failed: (thrown) => end(() => watcher.failed(thrown)),
    forgotten: () => end(() => watcher.forgotten()),
    run: (step) => watcher.run(step),
  }
}
