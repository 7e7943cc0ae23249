import { SpanKind } from '@opentelemetry/api'
import { runIn } from '../active-context.ts'
import { attempt } from '../attempt.ts'
import { featuresOf } from '../declared-features.ts'
import { modelAttributes, taskAttributes, type SpanStart } from '../prediction-span.ts'
import { startTargetCall, type Meaning, type TargetCall } from '../target-call.ts'
import { watchIterable } from '../watch-iterable.ts'
import { gather, type OpenAiAnswer } from './openai-answer.ts'
import { declaredOf, valueOf, type OpenAiModel, type OpenAiRequest } from './openai-model.ts'
import { watchPromise } from './openai-promise.ts'
import { requestAttributes, type OpenAiApi } from './openai-request.ts'
import { at, type PatchPoint, type Target, type TargetContext } from './target.ts'

/** Chat completions and responses of `openai`, whole or as streams, and all helpers that are made of them. */
export const openai: Target = {
  module: 'openai',
  versions: ['>=4.19.0 <8'],
  points(exports) {
    const client = at(exports, 'OpenAI') ?? at(exports, 'default') ?? exports
    return [
      ...createOf('chat.completions', 'Completions', at(client, 'Chat', 'Completions', 'prototype')),
      ...createOf('responses', 'Responses', at(client, 'Responses', 'prototype')),
    ]
  },
}

function createOf(api: OpenAiApi, className: string, owner: unknown): readonly PatchPoint[] {
  if (typeof owner !== 'object' || owner === null || typeof at(owner, 'create') !== 'function') return []
  return [
    {
      name: `${className}.create`,
      owner,
      method: 'create',
      patch: (original, context) =>
        function create(this: unknown, ...args: unknown[]): unknown {
          const started = attempt(() => startRequest(api, this, args, context())).value
          if (started === undefined) return Reflect.apply(original, this, args)
          let promise: unknown
          try {
            promise = runIn(started.call.context, () => Reflect.apply(original, this, args))
          } catch (thrown) {
            started.failed(thrown)
            throw thrown
          }
          return watchPromise(promise, started)
        },
    },
  ]
}

function startRequest(api: OpenAiApi, resource: unknown, [body]: readonly unknown[], { watch, config }: TargetContext) {
  const asked = at(body, 'model')
  const request: OpenAiRequest = { api, model: typeof asked === 'string' ? asked : undefined }
  const model = config.openai?.find(({ match }) => matches(match, request))
  const client = at(resource, '_client') ?? at(resource, 'client')
  const call = startTargetCall(watch, spanStart(request, requestAttributes(client, body), model))
  const gathering = gather(api)
  let isParsed = false

  /** @param answer the completion, the response or the stream */
  function answered(answer: unknown): void {
    const gathered = gathering.answer()
    const declared = declaredOf(model, request.model, gathered.model)
    const { failure } = gathered
    const attributes = { ...gathered.attributes, ...(declared === undefined ? {} : modelAttributes(declared.model)) }
    if (failure !== undefined) {
      call.remember(answer)
      call.failed(new ResponseFailure(failure), declared, attributes)
      return
    }
    call.succeeded(answer, () => ({
      declared,
      attributes,
      ...(model === undefined ? {} : { meaning: meaningOf(model, answer, gathered) }),
    }))
  }

  function meaningOf(declaration: OpenAiModel, answer: unknown, { text, isTruncated }: OpenAiAnswer): Meaning {
    return {
      features: featuresOf(declaration),
      describe(trackingId) {
        if (isTruncated) watch.pipeline?.dropField('value')
        const value = valueOf(declaration.task, text)
        const more = declaration.describe?.({ ...request, body, answer, text, trackingId, value })
        return { ...(value === undefined ? {} : { value }), ...more }
      },
    }
  }

  const failed = (thrown: unknown): void => {
    const gathered = gathering.answer()
    call.failed(thrown, declaredOf(model, request.model, gathered.model), gathered.attributes)
  }

  const forgotten = (): void => call.forgotten(declaredOf(model, request.model, undefined))

  return {
    call,
    failed,
    forgotten,
    parsed(answer: unknown): void {
      if (isParsed) return call.remember(answer)
      isParsed = true
      if (!isStream(answer)) {
        gathering.whole(answer)
        answered(answer)
        return
      }
      call.remember(answer)
      const isWatched = watchIterable(
        answer,
        {
          item: (item) => gathering.item(item),
          ended: answered,
          stopped: answered,
          failed,
          forgotten,
          run: (step) => runIn(call.context, step),
        },
        // tee and toReadableStream take the iterator from here too.
        typeof at(answer, 'iterator') === 'function' ? 'iterator' : Symbol.asyncIterator,
      )
      if (!isWatched) forgotten()
    },
    /** The caller took the response as it came, to read it in a way of its own. */
    taken: (): void => call.succeeded(undefined, () => ({ declared: undefined })),
  }
}

/** What the client makes of an answer, for whoever watches it. */
export interface StartedRequest {
  readonly call: TargetCall
  /** Told again of the same answer, as the client's helpers made it over, it only remembers whose it is. */
  readonly parsed: (answer: unknown) => void
  readonly failed: (thrown: unknown) => void
  readonly forgotten: () => void
  readonly taken: () => void
}

/** An answer that came and says that it failed; named by the code that the service gives. */
class ResponseFailure extends Error {
  constructor(code: string) {
    super('The response says that it failed')
    this.name = code
  }
}

function isStream(answer: unknown): answer is object {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer
}

function matches(match: OpenAiModel['match'], request: OpenAiRequest): boolean {
  if (typeof match === 'function') return attempt(() => match(request)).value === true
  return match === undefined || match === request.model
}

function spanStart({ model }: OpenAiRequest, attributes: object, declared: OpenAiModel | undefined): SpanStart {
  return {
    name: model === undefined ? 'chat' : `chat ${model}`,
    options: {
      kind: SpanKind.CLIENT,
      attributes: { ...attributes, ...(declared === undefined ? {} : taskAttributes(declared.task)) },
    },
  }
}
