import type { TrackingId } from '@groundtrace/core'
import { AsyncLocalStorage } from 'node:async_hooks'

/** Most values of one header: it stays below 1 KiB, a quarter of what common proxies allow all headers together. */
const MAX_VALUES = 16

/** The predictions that begin while one request is answered, as far as its response header can name them. */
export class AnsweredPredictions {
  /** Rows by tracking ID of the call; undefined for a prediction that is no batch. In the order in which they began. */
  readonly #wholes = new Map<TrackingId, number | undefined>()
  /** Predictions inside others, likewise. */
  readonly #members = new Map<TrackingId, number | undefined>()
  #isClosed = false

  /** @param isMember whether it is made inside another prediction */
  add(id: TrackingId, isMember: boolean): void {
    const kind = isMember ? this.#members : this.#wholes
    if (!this.#isClosed && kind.size < MAX_VALUES) kind.set(id, undefined)
  }

  /** Says that a call is a batch. One of no rows has predicted nothing. */
  setRows(id: TrackingId, rows: number): void {
    for (const kind of [this.#wholes, this.#members]) {
      if (!kind.has(id)) continue
      if (rows > 0) kind.set(id, rows)
      else kind.delete(id)
    }
  }

  /** The headers are sent: what begins from now on is not kept. */
  close(): void {
    this.#isClosed = true
  }

  /** The value of the header, wholes first; undefined when nothing was predicted. */
  headerValue(): string | undefined {
    const values = [...this.#wholes, ...this.#members]
      .slice(0, MAX_VALUES)
      .map(([id, rows]) => (rows === undefined ? id : `${id};rows=${rows}`))
    return values.length === 0 ? undefined : values.join(', ')
  }
}

/**
 * How a prediction finds the request that it is made for, also in a host that carries no OpenTelemetry context. Made with
 * the first middleware: without one, a prediction looks at an undefined variable and goes on.
 */
let storage: AsyncLocalStorage<AnsweredPredictions> | undefined

/** Makes answering findable: what middleware asks for when it is made. */
export function answeringStorage(): AsyncLocalStorage<AnsweredPredictions> {
  return (storage ??= new AsyncLocalStorage())
}

/** What is predicted for the request that is answered now; undefined outside of one. */
export function answeredNow(): AnsweredPredictions | undefined {
  return storage?.getStore()
}

const answers = new WeakMap<object, AnsweredPredictions>()

/**
 * What is predicted for a response: the same however often, and by however many kinds of middleware, it is asked for.
 * @param response whatever object there is one of for each request
 * @param begin told of a response that was not known before
 */
export function answeredFor(response: object, begin: (answered: AnsweredPredictions) => void): AnsweredPredictions {
  const known = answers.get(response)
  if (known !== undefined) return known
  const answered = new AnsweredPredictions()
  answers.set(response, answered)
  begin(answered)
  return answered
}
