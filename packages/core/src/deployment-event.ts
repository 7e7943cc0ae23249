import { createHash } from 'node:crypto'
import { invalidEvent, openedEvent, present, type LogEvent } from './event.ts'
import { isName } from './key.ts'
import { checkedLineage, type LineageLine } from './lineage.ts'
import { quote } from './quote.ts'
import * as semconv from './semconv.ts'
import { toHrTime } from './time.ts'

/** A model version that a process saw predict for the first time. */
export interface Deployment {
  readonly model: string
  readonly version: string
  /** The version of the model that the process saw before; absent for the first. */
  readonly previous?: string | undefined
  /** Of the prediction it was seen by: milliseconds since 1970. */
  readonly time: number
}

/** A deployment as the event that carries it. @throws GroundtraceError `invalid-argument` for a time that is none */
export function deploymentEvent({ model, version, previous, time }: Deployment): LogEvent {
  const attributes = present({
    [semconv.ATTR_MODEL_NAME]: model,
    [semconv.ATTR_MODEL_VERSION]: version,
    [semconv.ATTR_MODEL_PREVIOUS_VERSION]: previous,
  })
  return { eventName: semconv.EVENT_DEPLOYMENT, hrTime: toHrTime(time), attributes }
}

/**
 * Reads the deployment an event carries, as a line of the lineage ledger. Its ID follows from model and version: whoever
 * sees the same deployment says the same line.
 * @throws GroundtraceError `invalid-event` or `invalid-lineage`
 */
export function deploymentFromEvent(event: LogEvent): LineageLine & { readonly kind: 'version-seen' } {
  const { attributes, time } = openedEvent(event)
  const model = attributes[semconv.ATTR_MODEL_NAME]
  const version = attributes[semconv.ATTR_MODEL_VERSION]
  if (!isName(model) || !isName(version)) {
    throw invalidEvent(
      `Model ${quote(model)} or version ${quote(version)} of a deployment is not a bounded word`,
      'Use 1 to 64 letters, digits, dots, hyphens or underscores',
    )
  }
  const id = `seen-${createHash('sha256').update(`groundtrace.deployment\0${model}\0${version}`).digest('hex')}`
  const previous = attributes[semconv.ATTR_MODEL_PREVIOUS_VERSION]
  const line = present({ kind: 'version-seen', id, time, model, version, previous })
  return checkedLineage(line as unknown as LineageLine) as LineageLine & { readonly kind: 'version-seen' }
}
