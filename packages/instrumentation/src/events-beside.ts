import { flagEvaluationEvent, type LogEvent } from '@groundtrace/core'
import { EVENT_PREDICTION } from '@groundtrace/core/semconv'
import { deploymentWatch } from './deployment-watch.ts'

const NONE: readonly LogEvent[] = Object.freeze([])

/**
 * What the event of a prediction brings along: the deployment that it is the first sign of, and its variant as the
 * evaluation of a flag. Mostly nothing, and then it costs next to nothing.
 * @param onUntold see `deploymentWatch`
 */
export function eventsBeside(onUntold: () => void): (event: LogEvent) => readonly LogEvent[] {
  const deploymentSeen = deploymentWatch(onUntold)
  return (event) => {
    if (event.eventName !== EVENT_PREDICTION) return NONE
    const deployment = deploymentSeen(event)
    const evaluation = flagEvaluationEvent(event)
    if (deployment === undefined && evaluation === undefined) return NONE
    return [deployment, evaluation].filter((beside) => beside !== undefined)
  }
}
