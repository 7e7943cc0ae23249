import type { Model, Task, TrackingId } from '@groundtrace/core'
import type { Tracer } from '@opentelemetry/api'
import type { Description } from './description.ts'
import type { FeaturePolicy } from './feature-policy.ts'
import type { Pipeline } from './pipeline.ts'
import type { FillRandom } from './random-ids.ts'

/** What describe is told beside the result. */
export interface Call<Args extends readonly unknown[]> {
  /** The arguments of the call, as they are when describe runs. */
  readonly args: Args
  /** The prediction's: what it is chosen by for a holdout or an audit. */
  readonly trackingId: TrackingId
}

/** What describe is told beside the result of a batch; it is called once a row. */
export interface RowCall<Args extends readonly unknown[]> extends Call<Args> {
  /** From 0. */
  readonly row: number
}

/** What describe is told beside the result when that is an async iterable. */
export interface StreamCall<Args extends readonly unknown[], Item> extends Call<Args> {
  /** What came out of the stream until it ended or its reader stopped; at most 10,000 items. */
  readonly items: readonly Item[]
}

interface CommonOptions {
  /** What the model is asked for. */
  readonly task: Task
  /** Who answers; a function where versions change while the service runs. It is asked when a prediction starts. */
  readonly model: Model | (() => Model)
  /**
   * What becomes of each feature that describe gives, by its name. Default: all are left out, counted, and warned about
   * once.
   */
  readonly features?: FeaturePolicy | undefined
  /** Where the event goes. Default: nowhere; the span, the tracking ID and the result are the same. */
  readonly pipeline?: Pipeline | undefined
  /**
   * Whether the tracking ID goes into the W3C baggage of what predict calls. Baggage leaves the service with every request
   * that predict makes, to whomever it goes. Default: it does not.
   */
  readonly baggage?: boolean | undefined
  /** Default: the host's, as `trace.getTracer` gives it. */
  readonly tracer?: Tracer | undefined
  /** Milliseconds since 1970: the event time. Default `Date.now`. */
  readonly now?: (() => number) | undefined
  /** Milliseconds since any point, never going back: the latency. Default `performance.now`. */
  readonly monotonic?: (() => number) | undefined
  /** Random bytes for IDs of our own. Default: Node's cryptographic generator. */
  readonly random?: FillRandom | undefined
  /** Told when the host's tracer is out of reach, unless the process was told before. Default: a warning of the process. */
  readonly warn?: ((message: string) => void) | undefined
}

export interface PredictionOptions<Args extends readonly unknown[], Result> extends CommonOptions {
  /**
   * Says what the result means. Called once a prediction that did not fail, and only where there is a pipeline. It must
   * answer at once. When it throws, the prediction is unharmed and its event is lost and counted. A result that is an async
   * iterable is described when it ends, by the items that came.
   */
  readonly describe: (
    result: Result,
    call: Result extends AsyncIterable<infer Item> ? StreamCall<Args, Item> : Call<Args>,
  ) => Description
  readonly rows?: undefined
}

export interface BatchOptions<Args extends readonly unknown[], Result> extends CommonOptions {
  /** As for one prediction, but called for each row: `result` is that of the whole batch. */
  readonly describe: (result: Result, call: RowCall<Args>) => Description
  /** How many rows a call with these arguments predicts. Known beforehand, so that a batch that fails is still counted by row. */
  readonly rows: (...args: Args) => number
}
