import { ATTR_MODEL_OUTPUTS } from '@groundtrace/core/semconv'
import { SpanKind, type Attributes } from '@opentelemetry/api'
import { applyIn } from '../active-context.ts'
import { attempt } from '../attempt.ts'
import { featuresOf } from '../declared-features.ts'
import { follow, followCall } from '../follow.ts'
import type { SpanStart } from '../own-span.ts'
import { predictSpan } from '../prediction-span.ts'
import { checkedModel } from '../setup.ts'
import { startTargetCall, type Answer, type Declared } from '../target-call.ts'
import { quietened } from '../thenable.ts'
import { answersOf, type OnnxModel, type OnnxSession } from './onnxruntime-node/model.ts'
import { at, type PatchPoint, type Target, type TargetContext } from './target.ts'

/** Output names that a span says. */
const MAX_NAMES = 32

/** Model files of sessions; a session itself does not know where it came from. */
const paths = new WeakMap<object, string>()

/** Sessions and runs of `onnxruntime-node`. */
export const onnxruntimeNode: Target = {
  module: 'onnxruntime-node',
  versions: ['>=1.17.0 <2'],
  points(exports) {
    const session = at(exports, 'InferenceSession') ?? at(exports, 'default', 'InferenceSession')
    const prototype = at(session, 'prototype')
    if (typeof session !== 'function' || typeof prototype !== 'object' || prototype === null) return []
    return [runOf(prototype), createOf(session)]
  },
}

const runOf = (owner: object): PatchPoint => ({
  name: 'InferenceSession.run',
  owner,
  method: 'run',
  patch: (original, context) =>
    function run(this: unknown, ...args: unknown[]): unknown {
      const call = attempt(() => startRun(this, args, context())).value
      if (call === undefined) return Reflect.apply(original, this, args)
      return followCall(() => applyIn(call.context, original, this, args), call)
    },
})

const createOf = (owner: object): PatchPoint => ({
  name: 'InferenceSession.create',
  owner,
  method: 'create',
  patch: (original) =>
    function create(this: unknown, ...args: unknown[]): unknown {
      const [path] = args
      return follow(Reflect.apply(original, this, args), {
        succeeded(session) {
          if (typeof path === 'string' && typeof session === 'object' && session !== null) paths.set(session, path)
        },
        failed() {},
      })
    },
})

function startRun(session: unknown, [feeds]: readonly unknown[], { watch, config }: TargetContext) {
  const facts = factsOf(session)
  const model = config.onnxruntime?.find(({ match }) => matches(match, facts))
  const known = model === undefined ? undefined : attempt(() => whoAnswers(model, facts))
  if (known?.succeeded === false) attempt(() => watch.pipeline?.lose('model-failed', known.fault))
  const declared = known?.value
  const call = startTargetCall(watch, spanStart(facts, declared))
  const dropScores = (): void => watch.pipeline?.dropField('scores')
  return {
    context: call.context,
    succeeded: (outputs: unknown) => call.succeeded(outputs, () => answer(model, declared, feeds, outputs, dropScores)),
    failed: (thrown: unknown) => call.failed(thrown, declared),
  }
}

function factsOf(session: unknown): OnnxSession {
  return {
    path: typeof session === 'object' && session !== null ? paths.get(session) : undefined,
    inputNames: attempt(() => namesOf(at(session, 'inputNames'))).value ?? [],
    outputNames: attempt(() => namesOf(at(session, 'outputNames'))).value ?? [],
  }
}

function namesOf(names: unknown): readonly string[] {
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []
}

/** A path ends with what was declared, at the border of a folder: `filter.onnx` is not `spamfilter.onnx`. */
function matches(match: OnnxModel['match'], session: OnnxSession): boolean {
  if (typeof match === 'function') return attempt(() => match(session)).value === true
  const path = session.path?.replaceAll('\\', '/')
  return path === match || path?.endsWith(`/${match}`) === true
}

/** @throws GroundtraceError for a model that none can be; whatever a function of the session throws */
function whoAnswers({ task, model }: OnnxModel, session: OnnxSession): Declared {
  return { task, model: typeof model === 'function' ? checkedModel(quietened(model(session))) : model }
}

/** Without a declaration the span is named by the file, and says what the outputs are called. */
function spanStart({ path, outputNames }: OnnxSession, declared: Declared | undefined): SpanStart {
  if (declared !== undefined) return predictSpan(declared.task, declared.model)
  const file = path
    ?.split(/[\\/]/)
    .at(-1)
    ?.replace(/\.(onnx|ort)$/, '')
  const attributes: Attributes = { [ATTR_MODEL_OUTPUTS]: outputNames.slice(0, MAX_NAMES) }
  return { name: file === undefined ? 'predict' : `predict ${file}`, options: { kind: SpanKind.INTERNAL, attributes } }
}

function answer(
  model: OnnxModel | undefined,
  declared: Declared | undefined,
  feeds: unknown,
  outputs: unknown,
  dropScores: () => void,
): Answer {
  if (model === undefined || declared === undefined) return { declared }
  const given = outputs as Readonly<Record<string, unknown>>
  const answers = answersOf(model, given)
  return {
    declared,
    ...(answers.rows === 1 ? {} : { rows: answers.rows }),
    meaning: {
      features: featuresOf(model),
      describe(trackingId, row) {
        const { value, scores } = answers.at(row, dropScores)
        const more = model.describe?.({
          feeds: feeds as Readonly<Record<string, unknown>>,
          outputs: given,
          trackingId,
          row,
          value,
          scores,
        })
        return { ...(value === undefined ? {} : { value }), ...(scores === undefined ? {} : { scores }), ...more }
      },
    },
  }
}
