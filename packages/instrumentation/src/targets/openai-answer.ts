import type { Attributes } from '@opentelemetry/api'
import { readAttributes, type OpenAiApi } from './openai-request.ts'
import * as semconv from './openai-semconv.ts'
import { at } from './target.ts'

/** Longest answer that is kept, in UTF-16 units. */
const MAX_TEXT_LENGTH = 16_384

/** What the service answered, as far as it came. */
export interface OpenAiAnswer {
  /** The text of the first choice, at most 16,384 characters. */
  readonly text: string
  readonly isTruncated: boolean
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

const FACTS: Readonly<Record<OpenAiApi, readonly (readonly [string, (from: unknown) => unknown])[]>> = {
  'chat.completions': [
    [semconv.ATTR_RESPONSE_ID, (from) => at(from, 'id')],
    [semconv.ATTR_RESPONSE_MODEL, (from) => at(from, 'model')],
    [semconv.ATTR_RESPONSE_SERVICE_TIER, (from) => at(from, 'service_tier')],
    [semconv.ATTR_RESPONSE_SYSTEM_FINGERPRINT, (from) => at(from, 'system_fingerprint')],
    [semconv.ATTR_USAGE_INPUT_TOKENS, (from) => at(from, 'usage', 'prompt_tokens')],
    [semconv.ATTR_USAGE_OUTPUT_TOKENS, (from) => at(from, 'usage', 'completion_tokens')],
  ],
  responses: [
    [semconv.ATTR_RESPONSE_ID, (from) => at(from, 'id')],
    [semconv.ATTR_RESPONSE_MODEL, (from) => at(from, 'model')],
    [semconv.ATTR_RESPONSE_SERVICE_TIER, (from) => at(from, 'service_tier')],
    [semconv.ATTR_USAGE_INPUT_TOKENS, (from) => at(from, 'usage', 'input_tokens')],
    [semconv.ATTR_USAGE_OUTPUT_TOKENS, (from) => at(from, 'usage', 'output_tokens')],
  ],
}

export function gather(api: OpenAiApi): Gathering {
  const attributes: Attributes = {}
  const reasons: string[] = []
  let text = ''
  let isTruncated = false
  let failure: string | undefined

  function learn(from: unknown): void {
    Object.assign(attributes, readAttributes(FACTS[api], from))
  }

  function write(part: unknown): void {
    if (typeof part !== 'string') return
    isTruncated ||= text.length + part.length > MAX_TEXT_LENGTH
    text += part.slice(0, MAX_TEXT_LENGTH - text.length)
  }

  /** @param message where a choice holds what it says: whole, or the part that came now */
  function choices(from: unknown, message: 'message' | 'delta'): void {
    learn(from)
    for (const choice of listOf(at(from, 'choices'))) {
      const index = at(choice, 'index')
      if (index === 0 || index === undefined) write(at(choice, message, 'content') ?? at(choice, message, 'refusal'))
      const reason = at(choice, 'finish_reason')
      if (typeof reason === 'string') reasons[typeof index === 'number' ? index : 0] = reason
    }
  }

  function response(from: unknown): void {
    learn(from)
    const status = at(from, 'status')
    if (status === 'failed') failure = failureOf(at(from, 'error'))
    const reason = at(from, 'incomplete_details', 'reason') ?? status
    if (typeof reason === 'string') reasons[0] = reason
    const parts = listOf(at(from, 'output')).flatMap((output) => listOf(at(output, 'content')))
    if (parts.length === 0) return
    text = ''
    for (const part of parts) write(at(part, 'text') ?? at(part, 'refusal'))
  }

  function event(item: unknown): void {
    const type = at(item, 'type')
    if (type === 'response.output_text.delta' || type === 'response.refusal.delta') write(at(item, 'delta'))
    else if (type === 'error') failure = failureOf(item)
    else if (at(item, 'response') !== undefined) response(at(item, 'response'))
  }

  return {
    whole: (body) => (api === 'responses' ? response(body) : choices(body, 'message')),
    item: (item) => (api === 'responses' ? event(item) : choices(item, 'delta')),
    answer() {
      const finished = reasons.filter((reason) => reason !== undefined)
      const model = attributes[semconv.ATTR_RESPONSE_MODEL]
      return {
        text: text.toWellFormed(),
        isTruncated,
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

function failureOf(error: unknown): string {
  const code = at(error, 'code') ?? at(error, 'type')
  return typeof code === 'string' && code !== '' && code !== 'error' ? code : 'response_failed'
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
