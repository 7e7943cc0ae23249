import { GroundtraceError } from '@groundtrace/core'

/** JSON of a part of a line, or NULL where there is none. @throws GroundtraceError `invalid-argument` for what JSON can't hold */
export function jsonOf(part: unknown): string | null {
  if (part === undefined) return null
  try {
    const json: string | undefined = JSON.stringify(part)
    if (json !== undefined) return json
  } catch (error) {
    throw noJson(error)
  }
  // What it says of itself with `toJSON` is nothing.
  throw noJson()
}

function noJson(cause?: unknown): GroundtraceError {
  return new GroundtraceError('invalid-argument', "A part of this line can't be kept as JSON", 'Pass plain data', {
    cause,
  })
}

/** What {@link jsonOf} made. */
export const parsedJson = (json: string | null): unknown => (json === null ? undefined : JSON.parse(json))
