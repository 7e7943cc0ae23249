import { GroundtraceError, isName, quote, type Model, type Task } from '@groundtrace/core'
import type { Tracer } from '@opentelemetry/api'
import { performance } from 'node:perf_hooks'
import { attempt, type Attempted } from './attempt.ts'
import type { Description } from './description.ts'
import { featureRules } from './feature-policy.ts'
import { keepingBy, type FeatureKeeping } from './kept-features.ts'
import { tracerSource, type TracerSource } from './host-tracer.ts'
import { hasMethod, isFunction, isTask, unknownOption } from './option-checks.ts'
import type { Call } from './options.ts'
import type { Pipeline } from './pipeline.ts'
import type { FillRandom } from './random-ids.ts'
import { quietened } from './thenable.ts'

/** Options with their defaults, checked. */
export interface Setup {
  readonly task: Task
  /** Who answers now. Never throws. */
  readonly model: () => Attempted<Model>
  readonly describe: (
    result: unknown,
    call: Call<readonly unknown[]> & { readonly row?: number },
  ) => Partial<Description>
  /** Absent where there is no pipeline. */
  readonly keeping: FeatureKeeping | undefined
  readonly rows: ((...args: readonly unknown[]) => number) | undefined
  readonly pipeline: Pipeline | undefined
  readonly baggage: boolean
  readonly tracer: TracerSource
  readonly now: () => number
  readonly monotonic: () => number
  readonly random: FillRandom | undefined
  readonly warn: (message: string) => void
}

function invalid(cause: string, nextStep: string): GroundtraceError {
  return new GroundtraceError('invalid-argument', `tracePrediction: ${cause}`, nextStep)
}

/** Options as they came, at the edge: nothing is believed of them yet. */
type Unchecked = { readonly [K in Exclude<keyof Setup, 'keeping'> | 'features']?: unknown }

/** True for a model with a bounded name and version. */
export function isModel(model: unknown): model is Model {
  return (
    typeof model === 'object' && model !== null && isName((model as Model).name) && isName((model as Model).version)
  )
}

/** What a function of the user's said of who answers, copied. @throws GroundtraceError `invalid-argument` */
export function checkedModel(model: Model): Model {
  if (isModel(model)) return { name: model.name, version: model.version }
  throw new GroundtraceError(
    'invalid-argument',
    `model returned ${quote(model)} without a bounded name and version`,
    'Return { name, version }, each of 1 to 64 letters, digits, dots, hyphens or underscores',
  )
}

const CHECKS: readonly (readonly [holds: (o: Unchecked) => boolean, cause: (o: Unchecked) => string, next: string])[] =
  [
    [({ task }) => isTask(task), ({ task }) => `task ${quote(task)} is no task`, 'Pass what defineTask returned'],
    [
      ({ model }) => isFunction(model) || isModel(model),
      () => 'model has no bounded name and version',
      'Pass { name, version }, each of 1 to 64 letters, digits, dots, hyphens or underscores, or a function that returns it',
    ],
    [
      ({ describe }) => isFunction(describe),
      () => 'describe is no function',
      'Pass a function that returns at least { value } for a result',
    ],
    [
      ({ rows }) => rows === undefined || isFunction(rows),
      () => 'rows is no function',
      'Pass a function that counts the rows of the arguments, or leave it out',
    ],
    [
      ({ pipeline }) => pipeline === undefined || (hasMethod(pipeline, 'emit') && hasMethod(pipeline, 'lose')),
      () => 'pipeline is no pipeline',
      'Pass what createPipeline returned',
    ],
    [
      ({ baggage }) => baggage === undefined || typeof baggage === 'boolean',
      () => 'baggage is not true or false',
      'Pass true to put the tracking ID into W3C baggage, or leave it out',
    ],
    [
      ({ tracer }) => tracer === undefined || hasMethod(tracer, 'startSpan'),
      () => 'tracer is no tracer',
      'Pass what trace.getTracer returned, or leave it out',
    ],
    [
      (o) => [o.now, o.monotonic, o.random, o.warn].every((value) => value === undefined || isFunction(value)),
      () => 'now, monotonic, random or warn is no function',
      'Pass a function, or leave it out',
    ],
  ]

/** The names of `PredictionOptions` and `BatchOptions`. */
const OPTIONS = Object.keys({
  task: true,
  model: true,
  describe: true,
  rows: true,
  features: true,
  pipeline: true,
  baggage: true,
  tracer: true,
  now: true,
  monotonic: true,
  random: true,
  warn: true,
} satisfies Record<keyof Unchecked, true>)

/** @throws GroundtraceError `invalid-argument` */
export function checkedSetup(predict: unknown, options: unknown): Setup {
  if (!isFunction(predict)) throw invalid(`${quote(predict)} is no function`, 'Pass the function that predicts')
  if (typeof options !== 'object' || options === null) {
    throw invalid(`options ${quote(options)} are no object`, 'Pass { task, model, describe, pipeline }')
  }
  const unknown = unknownOption(options, OPTIONS)
  if (unknown !== undefined) throw invalid(`there is no option ${quote(unknown)}`, `Pass some of ${OPTIONS.join(', ')}`)
  const given = options as Unchecked
  const failed = CHECKS.find(([holds]) => !holds(given))
  if (failed !== undefined) throw invalid(failed[1](given), failed[2])
  const checked = given as Partial<Omit<Setup, 'model' | 'keeping' | 'tracer'>> &
    Pick<Setup, 'task' | 'describe'> & { model: unknown; tracer?: Tracer }
  const { task, pipeline } = checked
  const features = featureRules(given.features, task, canHash(pipeline), 'tracePrediction: features')
  return {
    task,
    model: modelSource(checked.model),
    describe: checked.describe,
    keeping: pipeline === undefined ? undefined : keepingBy(features, pipeline),
    rows: checked.rows,
    pipeline,
    baggage: checked.baggage ?? false,
    tracer: tracerSource(checked.tracer),
    now: checked.now ?? Date.now,
    monotonic: checked.monotonic ?? (() => performance.now()),
    random: checked.random,
    warn: checked.warn ?? warnProcess,
  }
}

/** Where no event goes, nothing is hashed. */
export function canHash(pipeline: Pipeline | undefined): boolean {
  return pipeline === undefined || pipeline.keyedHash !== undefined
}

function modelSource(model: unknown): () => Attempted<Model> {
  const source = typeof model === 'function' ? (model as () => Model) : undefined
  if (source !== undefined) return () => attempt(() => checkedModel(quietened(source())))
  const { name, version } = model as Model
  const fixed = { succeeded: true, value: Object.freeze({ name, version }) } as const
  return () => fixed
}

/** Tells the process, as Node tells its own warnings. */
export function warnProcess(message: string): void {
  process.emitWarning(message, { type: 'GroundtraceWarning', code: 'GROUNDTRACE_API_MISMATCH' })
}
