import { GroundtraceError } from '@groundtrace/core'

/** JSON of a part of a line, or NULL where there is none. @throws GroundtraceError `invalid-argument` for what JSON can't hold */
export function jsonOf(part: unknown): string | null {
  if (part === undefined) return null
  try {
    return JSON.stringify(part)
  } catch (error) {
    throw new GroundtraceError('invalid-argument', "A part of this line can't be kept as JSON", 'Pass plain data', {
      cause: error,
    })
  }
}

/** What {@link jsonOf} made. */
export const parsedJson = (json: string | null): unknown => (json === null ? undefined : JSON.parse(json))
