/** What a request to the server asks for; the name of the model says what becomes of it. */
export interface Asked {
  readonly model: string
  readonly stream?: boolean
  readonly stream_options?: { readonly include_usage?: boolean }
  readonly n?: number
  readonly messages?: readonly { readonly role: string }[]
}

/** What the server says, in the parts in which it streams it. */
const WORDS = ['Hello', ' from', ' the', ' server']
/** What model `structured` says: an answer of the form that was asked for. */
const STRUCTURED = ['{"word":', '"Hello"}']
/** What model `tools` wants called before it answers: a name, and arguments in parts. */
const CALL = { name: 'get_weather', parameters: ['{"city":', '"Paris"}'] }

const wantsCall = ({ model, messages = [] }: Asked): boolean =>
  model === 'tools' && messages.every(({ role }) => role !== 'tool')

const wordsOf = ({ model }: Asked): readonly string[] => (model === 'structured' ? STRUCTURED : WORDS)

/** Each choice of several says which one it is. */
const wordsAt = (asked: Asked, index: number): readonly string[] =>
  index === 0 ? wordsOf(asked) : [...wordsOf(asked), ` ${index}`]

const indexesOf = ({ n = 1 }: Asked): readonly number[] => Array.from({ length: n }, (_, index) => index)

/** What model `thinking` says beside of the tokens that it used. */
const detailsOf = ({ model }: Asked, input: string, output: string): object =>
  model === 'thinking'
    ? { [input]: { cached_tokens: 5, cache_write_tokens: 2 }, [output]: { reasoning_tokens: 3 } }
    : {}

const COMPLETION = {
  id: 'chatcmpl-1',
  created: 1_700_000_000,
  model: 'gpt-test-2024-07-18',
  service_tier: 'default',
  system_fingerprint: 'fp_1',
}

const completionUsage = (asked: Asked): object => ({
  prompt_tokens: 7,
  completion_tokens: 4,
  total_tokens: 11,
  ...detailsOf(asked, 'prompt_tokens_details', 'completion_tokens_details'),
})

/** The answer to a chat completion. */
export function completion(asked: Asked): object {
  const call = { id: 'call_1', type: 'function', function: { name: CALL.name, arguments: CALL.parameters.join('') } }
  const choices = indexesOf(asked).map((index) =>
    wantsCall(asked)
      ? { index, message: { role: 'assistant', content: null, tool_calls: [call] }, finish_reason: 'tool_calls' }
      : {
          index,
          message: { role: 'assistant', content: wordsAt(asked, index).join(''), refusal: null },
          finish_reason: 'stop',
        },
  )
  return { ...COMPLETION, object: 'chat.completion', choices, usage: completionUsage(asked) }
}

function chunk(index: number, delta: object, finish: string | null): object {
  return { ...COMPLETION, object: 'chat.completion.chunk', choices: [{ index, delta, finish_reason: finish }] }
}

function deltasOf(asked: Asked, index: number): readonly object[] {
  if (!wantsCall(asked)) return wordsAt(asked, index).map((content) => ({ content }))
  const begun = { index: 0, id: 'call_1', type: 'function', function: { name: CALL.name, arguments: '' } }
  const more = CALL.parameters.map((part) => ({ index: 0, function: { arguments: part } }))
  return [begun, ...more].map((call) => ({ tool_calls: [call] }))
}

/** The same in parts. */
export function completionChunks(asked: Asked): readonly object[] {
  const indexes = indexesOf(asked)
  return [
    ...indexes.map((index) => chunk(index, { role: 'assistant', content: '' }, null)),
    ...indexes.flatMap((index) => deltasOf(asked, index).map((delta) => chunk(index, delta, null))),
    ...indexes.map((index) => chunk(index, {}, wantsCall(asked) ? 'tool_calls' : 'stop')),
    ...(asked.stream_options?.include_usage === true
      ? [{ ...COMPLETION, object: 'chat.completion.chunk', choices: [], usage: completionUsage(asked) }]
      : []),
  ]
}

const RESPONSE = {
  id: 'resp_1',
  object: 'response',
  created_at: 1_700_000_000,
  status: 'completed',
  error: null,
  incomplete_details: null,
  model: 'gpt-test-2024-07-18',
  service_tier: 'default',
}

/** The answer of the responses interface. Model `failing` says that it failed. */
export function response(asked: Asked): object {
  if (asked.model === 'failing') {
    return { ...RESPONSE, status: 'failed', error: { code: 'server_error', message: 'no' }, output: [] }
  }
  const usage = {
    input_tokens: 7,
    output_tokens: 4,
    total_tokens: 11,
    ...detailsOf(asked, 'input_tokens_details', 'output_tokens_details'),
  }
  return { ...RESPONSE, output: [outputOf(asked)], usage }
}

function outputOf(asked: Asked): object {
  if (asked.model === 'tools') {
    const { name, parameters } = CALL
    return {
      id: 'fc_1',
      type: 'function_call',
      call_id: 'call_1',
      name,
      arguments: parameters.join(''),
      status: 'completed',
    }
  }
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text: wordsOf(asked).join(''), annotations: [] }],
  }
}

/** The same in parts. */
export function responseEvents(asked: Asked): readonly object[] {
  const place = { item_id: 'msg_1', output_index: 0, content_index: 0 }
  const call = { item_id: 'fc_1', output_index: 0 }
  const begun = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: CALL.name, arguments: '' }
  const parts: Readonly<Record<string, readonly object[]>> = {
    failing: [],
    tools: [
      { type: 'response.output_item.added', output_index: 0, item: begun },
      ...CALL.parameters.map((delta) => ({ type: 'response.function_call_arguments.delta', ...call, delta })),
    ],
  }
  const message = { id: 'msg_1', type: 'message', role: 'assistant', status: 'in_progress', content: [] }
  const written = [
    { type: 'response.output_item.added', output_index: 0, item: message },
    { type: 'response.content_part.added', ...place, part: { type: 'output_text', text: '', annotations: [] } },
    ...wordsOf(asked).map((delta) => ({ type: 'response.output_text.delta', ...place, delta })),
  ]
  return [
    { type: 'response.created', response: { ...RESPONSE, status: 'in_progress', output: [] } },
    ...(parts[asked.model] ?? written),
    { type: asked.model === 'failing' ? 'response.failed' : 'response.completed', response: response(asked) },
  ].map((event, sequence_number) => ({ ...event, sequence_number }))
}
