import { attempt } from './attempt.ts'
import { isThenable } from './thenable.ts'

/** Told how something ended. What it throws is ignored. */
export interface Outcome {
  succeeded(value: unknown): void
  failed(thrown: unknown): void
}

/**
 * Tells how a returned value, or the promise that was returned, ends. What comes back ends the same way, at the same
 * time, and a promise is of the same class as before; a rejection that nobody handles stays one.
 */
export function follow<T>(returned: T, outcome: Outcome): T {
  if (!isThenable(returned)) {
    attempt(() => outcome.succeeded(returned))
    return returned
  }
  // Only a promise is sure to return another from then; what merely looks like one is waited for as await does.
  const isPromise = attempt(() => returned instanceof Promise).value === true
  const promise = isPromise ? returned : Promise.resolve(returned)
  return promise.then(
    (value: unknown) => {
      attempt(() => outcome.succeeded(value))
      return value
    },
    (thrown: unknown) => {
      attempt(() => outcome.failed(thrown))
      throw thrown
    },
  ) as T
}

/** Calls, and tells how it ends; what is thrown at once is told and thrown on. */
export function followCall<T>(call: () => T, outcome: Outcome): T {
  let returned: T
  try {
    returned = call()
  } catch (thrown) {
    attempt(() => outcome.failed(thrown))
    throw thrown
  }
  return follow(returned, outcome)
}
