import type { Model, Task, TrackingId, Value } from '@groundtrace/core'
import type { Description } from '../../description.ts'
import type { FeaturePolicy } from '../../feature-policy.ts'
import type { Declared } from '../../target-call.ts'
import type { OpenAiApi } from './request.ts'

/** What is known of a request before it is answered. */
export interface OpenAiRequest {
  readonly api: OpenAiApi
  /** The model that is asked for. */
  readonly model: string | undefined
}

/** What describe is told of one answer. */
export interface OpenAiCall extends OpenAiRequest {
  /** The body of the request. */
  readonly body: unknown
  /** The completion, the response or the stream that the service was given. */
  readonly answer: unknown
  /**
   * The text of the answer, as far as it came, and below that, a line each, the tools that it calls:
   * `get_weather({"city":"Paris"})`. At most 16,384 characters.
   */
  readonly text: string
  /** Which answer of the request it is, from 0; above that only where the request asked for more than one. */
  readonly choice: number
  readonly trackingId: TrackingId
  /** What the text says as an answer of the task. */
  readonly value: Value | undefined
}

/** Declares what a model is asked for. */
export interface OpenAiModel {
  /** Which requests: the name of the model, or a function of the request. Default: all. */
  readonly match?: string | ((request: OpenAiRequest) => boolean)
  readonly task: Task
  /** Default: the name is what is asked for, the version what the service says has answered. */
  readonly model?: Model
  /**
   * What the text does not say: entity, policy, another value. What it returns goes over the default, by which the value
   * is the text (generation), the text without blanks around it (classes) or the number it is (regression).
   */
  readonly describe?: (call: OpenAiCall) => Partial<Description>
  /** What becomes of each feature that describe gives, by its name. Default: all are left out, and counted. */
  readonly features?: FeaturePolicy
}

/** Who answers, as a ledger can keep it. @param answered the model that the service says has answered */
export function declaredOf(
  declared: OpenAiModel | undefined,
  asked: string | undefined,
  answered: string | undefined,
): Declared | undefined {
  if (declared === undefined) return undefined
  const name = bounded(asked ?? answered)
  return { task: declared.task, model: declared.model ?? { name, version: bounded(answered ?? asked) } }
}

/** The text as an answer of the task; undefined where it can't be one by itself. */
export function valueOf({ kind }: Task, text: string): Value | undefined {
  if (kind === 'generation') return text
  const trimmed = text.trim()
  if (kind === 'binary' || kind === 'multiclass') return trimmed
  if (kind === 'regression' && trimmed !== '') return Number(trimmed)
  return undefined
}

/** A bounded word of a model's name: `openai/gpt-4o` and `ft:gpt-4o:us` hold letters that a metric label may not. */
function bounded(name = ''): string {
  const word = name.replaceAll(/[^A-Za-z0-9._-]/g, '-').replace(/^[^A-Za-z0-9]+/, '')
  return word.slice(0, MAX_NAME_LENGTH) || 'unknown'
}

const MAX_NAME_LENGTH = 64
