import { runIn } from './active-context.ts'
import type { Observation } from './observation.ts'
import type { Pipeline } from './pipeline.ts'
import { isAsyncIterable, watchIterable } from './watch-iterable.ts'

/** Items of one stream that are kept for describe; the service's memory is not ours to fill. */
const MAX_ITEMS = 10_000

/**
 * Lets an observation end when the stream that was predicted does.
 * @param pipeline told of each item that is not kept; where there is none, none is
 * @returns false when the value is no stream
 */
export function observeStream(value: unknown, observation: Observation, pipeline: Pipeline | undefined): boolean {
  if (!isAsyncIterable(value)) return false
  const items: unknown[] = []
  const ended = (stream: object): void => observation.succeeded(stream, items)
  const watched = watchIterable(value, {
    item(item) {
      if (pipeline === undefined) return
      if (items.length < MAX_ITEMS) items.push(item)
      else pipeline.dropField('items')
    },
    ended,
    failed: (thrown) => observation.failed(thrown),
    forgotten: () => observation.forgotten(),
    run: (step) => runIn(observation.context, step),
  })
  // What nobody may change can't be watched either: it is described as far as it came, which is not at all.
  if (!watched) ended(value)
  return true
}
