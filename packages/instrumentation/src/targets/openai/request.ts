import type { Attributes, AttributeValue } from '@opentelemetry/api'
import { attempt } from '../../attempt.ts'
import * as semconv from './semconv.ts'
import { at } from '../target.ts'

/** Which of the two interfaces of the service was asked. */
export type OpenAiApi = 'chat.completions' | 'responses'

/** One parameter of a request a row: its attribute, and where it stands in the body. */
const PARAMETERS: readonly (readonly [attribute: string, read: (body: unknown) => unknown])[] = [
  [semconv.ATTR_REQUEST_MODEL, (body) => at(body, 'model')],
  [semconv.ATTR_REQUEST_CHOICE_COUNT, (body) => (at(body, 'n') === 1 ? undefined : at(body, 'n'))],
  [semconv.ATTR_REQUEST_FREQUENCY_PENALTY, (body) => at(body, 'frequency_penalty')],
  [
    semconv.ATTR_REQUEST_MAX_TOKENS,
    (body) => at(body, 'max_completion_tokens') ?? at(body, 'max_tokens') ?? at(body, 'max_output_tokens'),
  ],
  [semconv.ATTR_REQUEST_PRESENCE_PENALTY, (body) => at(body, 'presence_penalty')],
  [semconv.ATTR_REQUEST_SEED, (body) => at(body, 'seed')],
  [semconv.ATTR_REQUEST_STOP_SEQUENCES, (body) => listOf(at(body, 'stop'))],
  [semconv.ATTR_REQUEST_STREAM, (body) => (at(body, 'stream') === true ? true : undefined)],
  [semconv.ATTR_REQUEST_TEMPERATURE, (body) => at(body, 'temperature')],
  [semconv.ATTR_REQUEST_TOP_P, (body) => at(body, 'top_p')],
  [
    semconv.ATTR_REQUEST_SERVICE_TIER,
    (body) => (at(body, 'service_tier') === 'auto' ? undefined : at(body, 'service_tier')),
  ],
  [
    semconv.ATTR_OUTPUT_TYPE,
    (body) => outputType(at(body, 'response_format', 'type') ?? at(body, 'text', 'format', 'type')),
  ],
  [semconv.ATTR_CONVERSATION_ID, (body) => at(body, 'conversation', 'id') ?? at(body, 'conversation')],
]

/** What a span says of a request before it is answered. Never the messages: they are the users'. */
export function requestAttributes(api: OpenAiApi, client: unknown, body: unknown): Attributes {
  return {
    [semconv.ATTR_OPERATION_NAME]: 'chat',
    [semconv.ATTR_PROVIDER_NAME]: 'openai',
    [semconv.ATTR_API_TYPE]: api.replace('.', '_'),
    ...serverAttributes(client),
    ...readAttributes(PARAMETERS, body),
  }
}

/** The attributes that a table reads from an object; what can't be one is left out. */
export function readAttributes(
  table: readonly (readonly [attribute: string, read: (from: unknown) => unknown])[],
  from: unknown,
): Attributes {
  const attributes: Attributes = {}
  for (const [attribute, read] of table) {
    const { value } = attempt(() => read(from))
    if (isAttribute(value)) attributes[attribute] = value
  }
  return attributes
}

function isAttribute(value: unknown): value is AttributeValue {
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value === 'boolean') return true
  return (typeof value === 'string' && value !== '') || (Array.isArray(value) && value.length > 0)
}

function listOf(stop: unknown): readonly string[] | undefined {
  if (typeof stop === 'string') return [stop]
  return Array.isArray(stop) ? stop.filter((text) => typeof text === 'string') : undefined
}

function outputType(format: unknown): string | undefined {
  if (format === 'json_object' || format === 'json_schema') return 'json'
  return format === 'text' ? 'text' : undefined
}

function serverAttributes(client: unknown): Attributes {
  const url = attempt(() => new URL(String(at(client, 'baseURL')))).value
  if (url === undefined) return {}
  const usual = url.protocol === 'http:' ? 80 : 443
  return {
    [semconv.ATTR_SERVER_ADDRESS]: url.hostname,
    [semconv.ATTR_SERVER_PORT]: url.port === '' ? usual : Number(url.port),
  }
}
