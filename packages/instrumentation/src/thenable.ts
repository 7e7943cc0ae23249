/** True for what `await` waits for. Never throws, whatever the value does when it is looked at. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false
  try {
    return typeof (value as { then?: unknown }).then === 'function'
  } catch {
    return false
  }
}

/** The value as it is; when it is a promise, a rejection of it ends nothing: nobody waits for it. */
export function quietened<T>(value: T): T {
  if (isThenable(value)) {
    try {
      value.then(undefined, () => undefined)
    } catch {
      // A `then` that throws rejects nothing.
    }
  }
  return value
}
