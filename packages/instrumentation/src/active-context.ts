import { context as contextApi, ROOT_CONTEXT, type Context } from '@opentelemetry/api'
import { attempt } from './attempt.ts'

/** The active context; the root one where the host's context manager fails. Never throws. */
export function activeContext(): Context {
  return attempt(() => contextApi.active()).value ?? ROOT_CONTEXT
}

/**
 * Runs what is the service's in a context, and returns or throws what it does. Where the host's context manager fails
 * before it comes to that, the action runs without the context: a trace may be lost by that, a prediction never.
 */
export function runIn<T>(context: Context, action: () => T): T {
  const ends: (() => T)[] = []
  attempt(() => contextApi.with(context, () => void ends.push(ended(action))))
  const [end = action] = ends
  return end()
}

/** Gives again how an action ended. What it returned is not touched: a promise that rejects is the service's to handle. */
function ended<T>(action: () => T): () => T {
  try {
    const value = action()
    return () => value
  } catch (thrown) {
    return () => {
      throw thrown
    }
  }
}
