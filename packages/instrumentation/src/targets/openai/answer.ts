import type { Attributes } from '@opentelemetry/api'
import { createChoice, isIndex, toolCallOf, type Choice, type Said } from './choice.ts'
import { readAttributes, type OpenAiApi } from './request.ts'
import * as semconv from './semconv.ts'
import { at } from '../target.ts'

/** Choices of one completion that are kept: what the service offers at most. */
export const MAX_CHOICES = 128

/** What the service answered, as far as it came. */
export interface OpenAiAnswer {
  /** What each choice says, in order; at least one. A choice that never came says nothing. */
  readonly said: readonly Said[]
  /** Of whoever answered; more precise than what was asked for. */
  readonly model: string | undefined
  readonly attributes: Attributes
  /** The code of an answer that says that it failed. */
  readonly failure: string | undefined
}

/** Gathers an answer from what the client gives: one object, or the items of a stream. */
export interface Gathering {
  /** A whole completion or response. */
  whole(body: unknown): void
  /** One item of a stream. */
  item(item: unknown): void
  answer(): OpenAiAnswer
}

type Fact = readonly [attribute: string, read: (from: unknown) => unknown]

const FACTS: Readonly<Record<OpenAiApi, readonly Fact[]>> = {
  'chat.completions': [
    ...factsOf('prompt_tokens', 'completion_tokens'),
    [semconv.ATTR_RESPONSE_SYSTEM_FINGERPRINT, (from) => at(from, 'system_fingerprint')],
  ],
  responses: factsOf('input_tokens', 'output_tokens'),
}

/** What both interfaces say; each has names of its own for what went in and what came out. */
function factsOf(input: string, output: string): readonly Fact[] {
  const [inputDetails, outputDetails] = [`${input}_details`, `${output}_details`]
  return [
    [semconv.ATTR_RESPONSE_ID, (from) => at(from, 'id')],
    [semconv.ATTR_RESPONSE_MODEL, (from) => at(from, 'model')],
    [semconv.ATTR_RESPONSE_SERVICE_TIER, (from) => at(from, 'service_tier')],
    [semconv.ATTR_USAGE_INPUT_TOKENS, (from) => at(from, 'usage', input)],
    [semconv.ATTR_USAGE_OUTPUT_TOKENS, (from) => at(from, 'usage', output)],
    [semconv.ATTR_USAGE_CACHE_READ_TOKENS, (from) => at(from, 'usage', inputDetails, 'cached_tokens')],
    [semconv.ATTR_USAGE_CACHE_CREATION_TOKENS, (from) => at(from, 'usage', inputDetails, 'cache_write_tokens')],
    [semconv.ATTR_USAGE_REASONING_TOKENS, (from) => at(from, 'usage', outputDetails, 'reasoning_tokens')],
  ]
}

export function gather(api: OpenAiApi): Gathering {
  const attributes: Attributes = {}
  const reasons: string[] = []
  const choices: Choice[] = []
  let failure: string | undefined

  function learn(from: unknown): void {
    Object.assign(attributes, readAttributes(FACTS[api], from))
  }

  function choiceAt(index: number): Choice {
    return (choices[index] ??= createChoice())
  }

  /** @param kind where a choice holds what it says: whole, or the part that came now */
  function completion(from: unknown, kind: 'message' | 'delta'): void {
    learn(from)
    for (const choice of listOf(at(from, 'choices'))) {
      const index = at(choice, 'index') ?? 0
      if (!isIndex(index, MAX_CHOICES)) continue
      const reason = at(choice, 'finish_reason')
      if (typeof reason === 'string') reasons[index] = reason
      const message = at(choice, kind)
      const gathered = choiceAt(index)
      gathered.write(at(message, 'content') ?? at(message, 'refusal'))
      for (const [place, call] of listOf(at(message, 'tool_calls')).entries()) {
        gathered.call(at(call, 'index') ?? place, toolCallOf(call))
      }
      const only = at(message, 'function_call')
      if (only !== undefined && only !== null) gathered.call(0, toolCallOf(only))
    }
  }

  function response(from: unknown): void {
    learn(from)
    const status = at(from, 'status')
    if (status === 'failed') failure = failureOf(at(from, 'error'))
    const reason = at(from, 'incomplete_details', 'reason') ?? status
    if (typeof reason === 'string') reasons[0] = reason
    const outputs = listOf(at(from, 'output'))
    if (outputs.length === 0) return
    const whole = createChoice()
    for (const [place, output] of outputs.entries()) {
      for (const part of listOf(at(output, 'content'))) whole.write(at(part, 'text') ?? at(part, 'refusal'))
      if (isToolCall(output)) whole.call(place, toolCallOf(output))
    }
    choices[0] = whole
  }

  function event(item: unknown): void {
    const type = at(item, 'type')
    const place = at(item, 'output_index')
    if (type === 'error') failure = failureOf(item)
    else if (type === 'response.output_item.added' && isToolCall(at(item, 'item'))) {
      choiceAt(0).call(place, { name: at(item, 'item', 'name') })
    } else if (typeof type === 'string' && type.endsWith('.delta')) {
      if (TEXT_DELTAS.has(type)) choiceAt(0).write(at(item, 'delta'))
      else if (CALL_DELTAS.has(type)) choiceAt(0).call(place, { parameters: at(item, 'delta') })
    } else if (at(item, 'response') !== undefined) response(at(item, 'response'))
  }

  return {
    whole: (body) => (api === 'responses' ? response(body) : completion(body, 'message')),
    item: (item) => (api === 'responses' ? event(item) : completion(item, 'delta')),
    answer() {
      const finished = reasons.filter((reason) => reason !== undefined)
      const model = attributes[semconv.ATTR_RESPONSE_MODEL]
      return {
        said: Array.from({ length: Math.max(1, choices.length) }, (_, index) => choiceAt(index).said()),
        model: typeof model === 'string' ? model : undefined,
        attributes: {
          ...attributes,
          ...(finished.length === 0 ? {} : { [semconv.ATTR_RESPONSE_FINISH_REASONS]: finished }),
        },
        failure,
      }
    },
  }
}

const TEXT_DELTAS: ReadonlySet<string> = new Set(['response.output_text.delta', 'response.refusal.delta'])
const CALL_DELTAS: ReadonlySet<string> = new Set([
  'response.function_call_arguments.delta',
  'response.custom_tool_call_input.delta',
])

function isToolCall(output: unknown): boolean {
  const type = at(output, 'type')
  return type === 'function_call' || type === 'custom_tool_call'
}

function failureOf(error: unknown): string {
  const code = at(error, 'code') ?? at(error, 'type')
  return typeof code === 'string' && code !== '' && code !== 'error' ? code : 'response_failed'
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
