import { quietened } from './thenable.ts'

/** What an action returned, or what it threw. */
export type Attempted<T> =
  | { readonly succeeded: true; readonly value: T }
  | { readonly succeeded: false; readonly value: undefined; readonly fault: unknown }

/**
 * Runs what belongs to others (callbacks, clocks, the host's tracer): their faults must not become the prediction's. Where
 * it returns a promise, which nobody here waits for, a rejection of that ends nothing.
 */
export function attempt<T>(action: () => T): Attempted<T> {
  try {
    return { succeeded: true, value: quietened(action()) }
  } catch (fault) {
    return { succeeded: false, value: undefined, fault }
  }
}
