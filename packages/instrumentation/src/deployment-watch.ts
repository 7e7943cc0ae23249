import { deploymentEvent, fromHrTime, isName, type LogEvent } from '@groundtrace/core'
import { ATTR_MODEL_NAME, ATTR_MODEL_VERSION } from '@groundtrace/core/semconv'

/** Versions that one process remembers, of all models. */
const MOST_VERSIONS = 1000

interface SeenModel {
  last: string
  readonly versions: Set<string>
}

/**
 * Sees in the events of predictions which versions of models predict. A version is told once, when it is first seen: two
 * that take turns are an A/B test, and nothing is deployed when they do.
 * @param onUntold told when a version that may be new is not, because too many are remembered already
 * @returns the event of a deployment, where the prediction is the first of its version. Never throws for an event that has
 *   attributes and a time
 */
export function deploymentWatch(onUntold: () => void): (prediction: LogEvent) => LogEvent | undefined {
  const models = new Map<unknown, SeenModel>()
  let remembered = 0
  let untold: unknown
  let lastModel: unknown
  let lastVersion: unknown

  return ({ attributes, hrTime }) => {
    const model = attributes[ATTR_MODEL_NAME]
    const version = attributes[ATTR_MODEL_VERSION]
    // Mostly the one that predicted before.
    if (model === lastModel && version === lastVersion) return undefined
    lastModel = model
    lastVersion = version
    const seen = models.get(model)
    if (seen?.last === version) return undefined
    if (!isName(model) || !isName(version)) return undefined
    const previous = seen?.last
    if (seen?.versions.has(version) === true) {
      seen.last = version
      return undefined
    }
    if (remembered >= MOST_VERSIONS) {
      if (untold !== version) onUntold()
      untold = version
      return undefined
    }
    remembered += 1
    if (seen === undefined) models.set(model, { last: version, versions: new Set([version]) })
    else {
      seen.versions.add(version)
      seen.last = version
    }
    return deploymentEvent({ model, version, previous, time: fromHrTime(hrTime) })
  }
}
