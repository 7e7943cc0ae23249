import { attempt } from '../../attempt.ts'
import { follow } from '../../follow.ts'
import type { StartedRequest } from './tracked-request.ts'

/** The fields of the client's own promise that its methods are made of, in all supported versions. */
interface ApiPromise {
  responsePromise: Promise<unknown>
  /** There as soon as somebody asked for the answer. */
  parsedPromise?: Promise<unknown> | undefined
  parseResponse: (...args: unknown[]) => unknown
  asResponse: () => Promise<unknown>
  _thenUnwrap: (transform: Transform) => unknown
}

type Transform = (answer: unknown, ...more: unknown[]) => unknown

/**
 * Watches the promise that the client returned, and returns that very promise. The client sends at once and reads the
 * body only when somebody asks for it; so do we: we look at what goes by, and ask for nothing.
 */
export function watchPromise(promise: unknown, request: StartedRequest): unknown {
  if (!isApiPromise(promise)) return follow(promise, { succeeded: request.parsed, failed: request.failed })
  const isWatched = attempt(() => watchApiPromise(promise, request)).succeeded
  if (!isWatched) request.taken()
  return promise
}

function watchApiPromise(promise: ApiPromise, request: StartedRequest): void {
  const { responsePromise, parsedPromise, parseResponse, asResponse, _thenUnwrap: thenUnwrap } = promise
  const state = { isAsked: parsedPromise !== undefined, isParsing: false }
  let followed: Promise<unknown> | undefined
  if (parsedPromise !== undefined) listen(parsedPromise, request)
  replace(promise, 'parseResponse', function (this: unknown, ...args: unknown[]): unknown {
    state.isParsing = true
    return follow(Reflect.apply(parseResponse, this, args), { succeeded: request.parsed, failed: request.failed })
  })
  replace(promise, 'asResponse', function (this: unknown): unknown {
    return follow(Reflect.apply(asResponse, this, []), {
      succeeded() {
        if (!state.isParsing) request.taken()
      },
      failed() {},
    })
  })
  // What the client's helpers are made of. It may go past the fields of this promise, so the answer is seen on the way.
  replace(promise, '_thenUnwrap', function (this: unknown, transform: Transform): unknown {
    state.isAsked = true
    const seen: Transform = (answer, ...more) => {
      attempt(() => request.parsed(answer))
      return transform(answer, ...more)
    }
    return watchPromise(Reflect.apply(thenUnwrap, this, [seen]), request)
  })
  // Followed only when somebody takes it: a promise that we made and that nobody takes would be an unhandled rejection.
  Object.defineProperty(promise, 'responsePromise', {
    get() {
      state.isAsked = true
      followed ??= follow(responsePromise, { succeeded() {}, failed: request.failed })
      return followed
    },
    configurable: true,
    enumerable: true,
  })
  unasked.register(promise, { state, request })
}

/** Another instrumentation, below us, asked already, and has the rejection: the fields are not looked at again. */
function listen(asked: Promise<unknown>, { parsed, failed }: StartedRequest): void {
  asked.then(
    (answer) => attempt(() => parsed(answer)),
    (thrown: unknown) => attempt(() => failed(thrown)),
  )
}

/** What a registry keeps of a promise: nothing by which it could be reached, or it would stay for ever. */
interface Remains {
  readonly state: { readonly isAsked: boolean; readonly isParsing: boolean }
  readonly request: StartedRequest
}

/** Promises that were thrown away: what nobody asked for ends when nobody can any more. */
const unasked = new FinalizationRegistry<Remains>(({ state, request }) => {
  if (!state.isAsked && !state.isParsing) request.forgotten()
})

/** Never throws, whatever the value does when it is looked at. */
function isApiPromise(promise: unknown): promise is ApiPromise {
  return attempt(() => hasItsFields(promise)).value === true
}

function hasItsFields(promise: unknown): boolean {
  if (!(promise instanceof Promise)) return false
  const { responsePromise, parseResponse, asResponse, _thenUnwrap } = promise as Partial<ApiPromise>
  return (
    responsePromise instanceof Promise &&
    [parseResponse, asResponse, _thenUnwrap].every((method) => typeof method === 'function')
  )
}

function replace(owner: object, key: keyof ApiPromise, value: unknown): void {
  const { enumerable = false } = Object.getOwnPropertyDescriptor(owner, key) ?? {}
  Object.defineProperty(owner, key, { value, configurable: true, writable: true, enumerable })
}
