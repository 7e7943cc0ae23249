import { GroundtraceError, withoutWords } from '@groundtrace/core'
import { errorType } from './error-type.ts'

const FRAME = /^\s+at .*:\d+:\d+\)?$/

/**
 * What may be told of a fault to whoever keeps logs. Messages of others may repeat what a user or a model said, as those of
 * `JSON.parse` do: of their errors only the class is told, and where they were thrown. Never throws.
 */
export function tellable(fault: unknown): unknown {
  try {
    if (fault === undefined || GroundtraceError.isInstance(fault)) return withoutWords(fault)
    return [errorType(fault), ...framesOf(fault)].join('\n')
  } catch {
    return errorType(fault)
  }
}

function framesOf(fault: unknown): readonly string[] {
  if (!(fault instanceof Error)) return []
  const { stack, message } = fault
  // A message of several lines could look like frames.
  return typeof stack === 'string'
    ? stack
        .replace(message, '')
        .split('\n')
        .filter((line) => FRAME.test(line))
    : []
}
