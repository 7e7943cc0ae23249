import type { TrackingId } from '@groundtrace/core'
import { createContextKey, trace, type Context, type Span } from '@opentelemetry/api'
import type { Around } from './around.ts'

/** What a context carries of the prediction that runs in it. A class, so that nothing else can pass for it. */
export class Running {
  readonly id: TrackingId
  /** What is around whatever is predicted in it. */
  readonly around: Around

  constructor(id: TrackingId, around: Around) {
    this.id = id
    this.around = around
  }
}

const RUNNING_KEY = createContextKey('groundtrace.tracking_id')

/** Where the API keeps the active span. It does not say, but shows it to a context that it sets a span in. */
const SPAN_KEY = ((): symbol => {
  let key = RUNNING_KEY
  const shown: Context = {
    getValue: () => undefined,
    setValue(given) {
      key = given
      return shown
    },
    deleteValue: () => shown,
  }
  trace.setSpan(shown, trace.wrapSpanContext({ traceId: '', spanId: '', traceFlags: 0 }))
  return key
})()

/** The prediction that runs in a context; undefined where none does. Never throws. */
export function runningIn(context: Context): Running | undefined {
  try {
    const running = context.getValue(RUNNING_KEY)
    return running instanceof Running ? running : undefined
  } catch {
    return undefined
  }
}

/**
 * What a prediction runs in: the context around it, with its span and itself. The API's own contexts copy all that they
 * hold for each value that is set; this one is two fields on top of the one around, however deep predictions nest.
 */
export class PredictionContext implements Context {
  readonly #around: Context
  readonly #span: unknown
  readonly #running: unknown

  private constructor(around: Context, span: unknown, running: unknown) {
    this.#around = around
    this.#span = span
    this.#running = running
  }

  /**
   * @param span undefined where the prediction has none of its own: then the span around it stays the active one
   * @throws whatever the host's context does when it is read
   */
  static within(outer: Context, span: Span | undefined, running: Running): Context {
    const active = span ?? outer.getValue(SPAN_KEY)
    return new PredictionContext(outer instanceof PredictionContext ? outer.#around : outer, active, running)
  }

  getValue(key: symbol): unknown {
    if (key === SPAN_KEY) return this.#span
    return key === RUNNING_KEY ? this.#running : this.#around.getValue(key)
  }

  setValue(key: symbol, value: unknown): Context {
    if (key === SPAN_KEY) return new PredictionContext(this.#around, value, this.#running)
    if (key === RUNNING_KEY) return new PredictionContext(this.#around, this.#span, value)
    return new PredictionContext(this.#around.setValue(key, value), this.#span, this.#running)
  }

  deleteValue(key: symbol): Context {
    if (key === SPAN_KEY || key === RUNNING_KEY) return this.setValue(key, undefined)
    return new PredictionContext(this.#around.deleteValue(key), this.#span, this.#running)
  }
}
