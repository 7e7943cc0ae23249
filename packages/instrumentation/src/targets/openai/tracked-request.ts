import { SpanKind, type Attributes } from '@opentelemetry/api'
import { runIn } from '../../active-context.ts'
import { attempt } from '../../attempt.ts'
import { featuresOf } from '../../declared-features.ts'
import type { SpanStart } from '../../own-span.ts'
import { modelAttributes, taskAttributes } from '../../prediction-span.ts'
import { secondsBetween } from '../../seconds-between.ts'
import { startTargetCall, type Meaning, type TargetCall } from '../../target-call.ts'
import { isAsyncIterable, watchIterable } from '../../watch-iterable.ts'
import { gather, MAX_CHOICES, type OpenAiAnswer } from './answer.ts'
import { isIndex } from './choice.ts'
import { declaredOf, valueOf, type OpenAiModel, type OpenAiRequest } from './model.ts'
import { requestAttributes, type OpenAiApi } from './request.ts'
import { ATTR_RESPONSE_TIME_TO_FIRST_CHUNK } from './semconv.ts'
import { at, type TargetContext } from '../target.ts'

/** One request, for whoever watches what the client makes of it. */
export interface StartedRequest {
  readonly call: TargetCall
  /**
   * The client read the answer: a completion, a response or a stream. Told again of the same answer, as the client's
   * helpers made it over, it only remembers whose it is.
   */
  readonly parsed: (answer: unknown) => void
  readonly failed: (thrown: unknown) => void
  readonly forgotten: () => void
  /** The caller took the response as it came, to read it in a way of its own, or by the client after all. */
  readonly taken: () => void
}

/** @throws whatever a hostile body throws when it is read; then nothing was started */
export function startRequest(
  api: OpenAiApi,
  resource: unknown,
  body: unknown,
  { watch, config }: TargetContext,
): StartedRequest {
  const request = requestOf(api, body)
  const choices = choicesOf(body)
  const model = config.openai?.find(({ match }) => matches(match, request))
  const client = at(resource, '_client') ?? at(resource, 'client')
  const call = startTargetCall(watch, spanStart(request, requestAttributes(api, client, body), model))
  const gathering = gather(api)
  const started = attempt(watch.monotonic).value
  let firstChunkSeconds: number | undefined
  let isParsed = false

  function attributesOf(gathered: OpenAiAnswer): Attributes {
    if (firstChunkSeconds === undefined) return gathered.attributes
    return { ...gathered.attributes, [ATTR_RESPONSE_TIME_TO_FIRST_CHUNK]: firstChunkSeconds }
  }

  function answered(answer: unknown): void {
    const gathered = gathering.answer()
    const declared = declaredOf(model, request.model, gathered.model)
    const attributes = { ...attributesOf(gathered), ...(declared && modelAttributes(declared.model)) }
    const { failure, said } = gathered
    if (failure !== undefined) {
      call.remember(answer)
      call.failed(new ResponseFailure(failure), declared, attributes)
      return
    }
    call.succeeded(answer, () => ({
      declared,
      attributes,
      ...(choices > 1 || said.length > 1 ? { rows: said.length } : {}),
      ...(model && { meaning: meaningOf(model, answer, gathered) }),
    }))
  }

  function meaningOf(declaration: OpenAiModel, answer: unknown, { said }: OpenAiAnswer): Meaning {
    return {
      features: featuresOf(declaration),
      describe(trackingId, choice) {
        const { text = '', isTruncated = false } = said[choice] ?? {}
        if (isTruncated) watch.pipeline?.dropField('value')
        const value = valueOf(declaration.task, text)
        const more = declaration.describe?.({ ...request, body, answer, text, choice, trackingId, value })
        return { ...(value === undefined ? {} : { value }), ...more }
      },
    }
  }

  const failed = (thrown: unknown): void => {
    const gathered = gathering.answer()
    call.failed(thrown, declaredOf(model, request.model, gathered.model), attributesOf(gathered))
  }

  const forgotten = (): void => call.forgotten(declaredOf(model, request.model, undefined))

  function whole(answer: unknown): void {
    const read = attempt(() => gathering.whole(answer))
    if (read.succeeded) return answered(answer)
    call.succeeded(answer, () => {
      throw read.fault
    })
  }

  function stream(answer: object): void {
    call.remember(answer, choices > 1 ? choices : undefined)
    const isWatched = watchIterable(
      answer,
      {
        item(item) {
          firstChunkSeconds ??= secondsBetween(started, attempt(watch.monotonic).value)
          gathering.item(item)
        },
        ended: answered,
        failed,
        forgotten,
        run: (step) => runIn(call.context, step),
      },
      // tee and toReadableStream take the iterator from here too.
      typeof at(answer, 'iterator') === 'function' ? 'iterator' : Symbol.asyncIterator,
    )
    if (!isWatched) forgotten()
  }

  return {
    call,
    failed,
    forgotten,
    parsed(answer) {
      if (isParsed) return call.remember(answer)
      isParsed = true
      if (isAsyncIterable(answer)) stream(answer)
      else whole(answer)
    },
    taken: () => call.released(),
  }
}

/** An answer that came and says that it failed; named by the code that the service gives. */
class ResponseFailure extends Error {
  constructor(code: string) {
    super('The response says that it failed')
    this.name = code
  }
}

function requestOf(api: OpenAiApi, body: unknown): OpenAiRequest {
  const model = at(body, 'model')
  return { api, model: typeof model === 'string' ? model : undefined }
}

/** How many answers are asked for. */
function choicesOf(body: unknown): number {
  const asked = at(body, 'n')
  return isIndex(asked, MAX_CHOICES + 1) ? asked : 1
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
    ...(declared === undefined ? {} : { task: declared.task.name }),
  }
}
