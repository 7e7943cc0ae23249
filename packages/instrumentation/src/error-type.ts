import { isName } from '@groundtrace/core'

/** OpenTelemetry's word for an error of no better name. */
const OTHER_ERROR = '_OTHER'

/**
 * The class of whatever was thrown, as `error.type` names it: the error's name, or its constructor's where the class did
 * not give itself a name. What is no bounded word names no class: it may be a message. Never throws, whatever the thrown
 * thing does when it is looked at.
 */
export function errorType(thrown: unknown): string {
  try {
    if (typeof thrown !== 'object' || thrown === null) return OTHER_ERROR
    const { name, constructor } = thrown as Partial<Error>
    const type = isTelling(name) ? name : constructor?.name
    return isName(type) ? type : OTHER_ERROR
  } catch {
    return OTHER_ERROR
  }
}

function isTelling(name: unknown): name is string {
  return isName(name) && name !== 'Error'
}
