/** Names of OpenTelemetry's conventions for generative AI clients; they are in development and not exported as stable. */
export const ATTR_OPERATION_NAME = 'gen_ai.operation.name'
export const ATTR_PROVIDER_NAME = 'gen_ai.provider.name'
export const ATTR_CONVERSATION_ID = 'gen_ai.conversation.id'
export const ATTR_OUTPUT_TYPE = 'gen_ai.output.type'

export const ATTR_REQUEST_MODEL = 'gen_ai.request.model'
export const ATTR_REQUEST_CHOICE_COUNT = 'gen_ai.request.choice.count'
export const ATTR_REQUEST_FREQUENCY_PENALTY = 'gen_ai.request.frequency_penalty'
export const ATTR_REQUEST_MAX_TOKENS = 'gen_ai.request.max_tokens'
export const ATTR_REQUEST_PRESENCE_PENALTY = 'gen_ai.request.presence_penalty'
export const ATTR_REQUEST_SEED = 'gen_ai.request.seed'
export const ATTR_REQUEST_STOP_SEQUENCES = 'gen_ai.request.stop_sequences'
export const ATTR_REQUEST_TEMPERATURE = 'gen_ai.request.temperature'
export const ATTR_REQUEST_TOP_P = 'gen_ai.request.top_p'
export const ATTR_REQUEST_SERVICE_TIER = 'openai.request.service_tier'

export const ATTR_RESPONSE_ID = 'gen_ai.response.id'
export const ATTR_RESPONSE_MODEL = 'gen_ai.response.model'
export const ATTR_RESPONSE_FINISH_REASONS = 'gen_ai.response.finish_reasons'
export const ATTR_RESPONSE_SERVICE_TIER = 'openai.response.service_tier'
export const ATTR_RESPONSE_SYSTEM_FINGERPRINT = 'openai.response.system_fingerprint'

export const ATTR_USAGE_INPUT_TOKENS = 'gen_ai.usage.input_tokens'
export const ATTR_USAGE_OUTPUT_TOKENS = 'gen_ai.usage.output_tokens'

export const ATTR_SERVER_ADDRESS = 'server.address'
export const ATTR_SERVER_PORT = 'server.port'
