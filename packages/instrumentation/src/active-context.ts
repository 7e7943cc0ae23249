import { context as contextApi, ROOT_CONTEXT, type Context } from '@opentelemetry/api'
import { quietened } from './thenable.ts'

/** The active context; the root one where the host's context manager fails. Never throws. */
export function activeContext(): Context {
  try {
    const context = contextApi.active()
    return typeof context.getValue === 'function' ? context : ROOT_CONTEXT
  } catch {
    return ROOT_CONTEXT
  }
}

/**
 * Calls what is the service's in a context, and returns or throws what it does. Where the host's context manager fails
 * before it comes to that, it is called without the context: a trace may be lost by that, a prediction never. What it
 * returned is not touched: a promise that rejects is the service's to handle.
 */
export function applyIn<T>(
  context: Context,
  method: (...args: never[]) => T,
  that: unknown,
  args: readonly unknown[],
): T {
  let end: 'returned' | 'threw' | undefined
  let value: T | undefined
  let thrown: unknown
  try {
    quietened(
      contextApi.with(context, () => {
        if (end !== undefined) return
        try {
          value = Reflect.apply(method, that, args)
          end = 'returned'
        } catch (fault) {
          thrown = fault
          end = 'threw'
        }
      }),
    )
  } catch {
    // The context manager failed: before the call, which is then made below, or after it, which changes nothing.
  }
  if (end === 'threw') throw thrown
  return end === 'returned' ? (value as T) : Reflect.apply(method, that, args)
}

/** Runs one step in a context, likewise. */
export function runIn<T>(context: Context, step: () => T): T {
  return applyIn(context, step, undefined, [])
}
