import { GroundtraceError, quote } from '@groundtrace/core'
import { declareFeatures } from './declared-features.ts'
import { absentOr, isFunction, isTask } from './option-checks.ts'
import type { OnnxModel } from './targets/onnxruntime-node/model.ts'
import type { OpenAiModel } from './targets/openai/model.ts'
import type { Pipeline } from './pipeline.ts'
import { canHash, isModel } from './setup.ts'

/** What `PredictionInstrumentation` takes. All of it is optional: without any of it predictions get IDs and spans. */
export interface PredictionInstrumentationConfig {
  /** As of every instrumentation: whether it tracks as soon as it is made. Default: it does. */
  readonly enabled?: boolean
  /** Where the events of declared models go. Default: nowhere. */
  readonly pipeline?: Pipeline | undefined
  /** Models that run in `onnxruntime-node`; the first that matches a session is the one. */
  readonly onnxruntime?: readonly OnnxModel[] | undefined
  /** Models that are asked through `openai`; the first that matches a request is the one. */
  readonly openai?: readonly OpenAiModel[] | undefined
  /** Whether tracking IDs go into the W3C baggage of what the libraries call. Default: they do not. */
  readonly baggage?: boolean | undefined
  /** Milliseconds since 1970: the event time. Default `Date.now`. */
  readonly now?: (() => number) | undefined
  /** Milliseconds since any point, never going back: the latency. Default `performance.now`. */
  readonly monotonic?: (() => number) | undefined
  /** Told when the host's tracer is out of reach, unless the process was told before. Default: a warning of the process. */
  readonly warn?: ((message: string) => void) | undefined
}

type Unchecked = Readonly<Record<string, unknown>>

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
const isObject = (value: unknown): value is Unchecked => typeof value === 'object' && value !== null
const isMatch = (match: unknown): boolean => isText(match) || isFunction(match)

type Check = readonly [holds: (model: Unchecked) => boolean, cause: string, nextStep: string]

const COMMON: readonly Check[] = [
  [({ task }) => isTask(task), 'task is no task', 'Pass what defineTask returned'],
  [({ describe }) => absentOr(isFunction)(describe), 'describe is no function', 'Pass a function, or leave it out'],
]

const ONNX: readonly Check[] = [
  ...COMMON,
  [
    ({ match }) => isMatch(match),
    'match is no path and no function',
    'Say which sessions it is: the end of the path of the model file, or a function of the session',
  ],
  [
    ({ model }) => isFunction(model) || isModel(model),
    'model has no bounded name and version',
    'Pass { name, version }, each of 1 to 64 letters, digits, dots, hyphens or underscores, or a function of the session that returns it',
  ],
  [
    ({ scores, value }) => [scores, value].every(absentOr(isText)),
    'scores or value is no name of an output',
    'Name an output of the model, or leave it out',
  ],
  [
    ({ scores, value, describe }) => [scores, value, describe].some((given) => given !== undefined),
    'nothing says what the model answers',
    'Name the output of class scores as scores, that of the answer as value, or pass describe',
  ],
  [
    ({ threshold }) => absentOr(Number.isFinite)(threshold),
    'threshold is no number',
    'Pass the least score of the positive class, or leave it out',
  ],
]

const OPENAI: readonly Check[] = [
  ...COMMON,
  [
    ({ match }) => absentOr(isMatch)(match),
    'match is no name and no function',
    'Pass the name of the model, a function of the request, or leave it out',
  ],
  [
    ({ model }) => absentOr(isModel)(model),
    'model has no bounded name and version',
    'Pass { name, version }, each of 1 to 64 letters, digits, dots, hyphens or underscores, or leave it out',
  ],
]

/** @throws GroundtraceError `invalid-argument` */
export function checkedConfig(config: PredictionInstrumentationConfig): PredictionInstrumentationConfig {
  const given: unknown = config
  if (!isObject(given)) throw invalid(`${quote(config)} is no configuration`, 'Pass an object, or leave it out')
  const { pipeline, now, monotonic, warn } = given
  if (pipeline !== undefined && !(isObject(pipeline) && isFunction(pipeline['emit']) && isFunction(pipeline['lose']))) {
    throw invalid('pipeline is no pipeline', 'Pass what createPipeline returned')
  }
  if (![now, monotonic, warn].every(absentOr(isFunction))) {
    throw invalid('now, monotonic or warn is no function', 'Pass a function, or leave it out')
  }
  if (!absentOr((value) => typeof value === 'boolean')(given['baggage'])) {
    throw invalid('baggage is not true or false', 'Pass true to put tracking IDs into W3C baggage, or leave it out')
  }
  checkModels('onnxruntime', given['onnxruntime'], ONNX)
  checkModels('openai', given['openai'], OPENAI)
  for (const target of ['onnxruntime', 'openai'] as const) {
    for (const [index, model] of (config[target] ?? []).entries()) {
      declareFeatures(model, canHash(config.pipeline), `PredictionInstrumentation: ${target}[${index}].features`)
    }
  }
  return config
}

function checkModels(target: string, models: unknown, checks: readonly Check[]): void {
  if (models === undefined) return
  if (!Array.isArray(models)) throw invalid(`${target} is no list of models`, 'Pass a list, or leave it out')
  for (const [index, model] of models.entries()) {
    const failed = checks.find(([holds]) => !isObject(model) || !holds(model))
    if (failed !== undefined) throw invalid(`${target}[${index}]: ${failed[1]}`, failed[2])
  }
}

function invalid(cause: string, nextStep: string): GroundtraceError {
  return new GroundtraceError('invalid-argument', `PredictionInstrumentation: ${cause}`, nextStep)
}
