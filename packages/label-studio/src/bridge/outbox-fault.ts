import { GroundtraceError } from '@groundtrace/core'
import { sqliteTrouble, type SqliteTrouble } from './sqlite-code.ts'

const NEXT_STEPS: Readonly<Partial<Record<SqliteTrouble, string>>> = {
  busy: 'Another process holds it: call again',
  locked: 'Another process holds it: call again',
  readOnly: 'Give this process the right to write the file and its folder',
  full: 'Free disk space and call again: nothing of this call was stored',
  cantOpen: 'Create its folder, or check the path and the right to read it',
}

/** Another process writes this outbox. */
export function busyOutbox(path: string): GroundtraceError {
  return new GroundtraceError(
    'outbox-busy',
    `The outbox ${path} is written by another process`,
    'Let one process run the bridge: stop the other one, or give this one an outbox of its own',
  )
}

export function incompatibleOutbox(cause: string, nextStep: string): GroundtraceError {
  return new GroundtraceError('outbox-incompatible', cause, nextStep)
}

/** What SQLite threw, as the error that callers know; anything else as it is. */
export function outboxFault(error: unknown, path: string): unknown {
  const trouble = sqliteTrouble(error)
  if (trouble === undefined) return error
  const { message } = error as Error
  if (trouble === 'corrupt' || trouble === 'notADatabase') {
    return new GroundtraceError(
      'outbox-incompatible',
      `${path} is no outbox, or it is damaged (${message})`,
      'Pass another path, or restore the file from a backup',
      { cause: error },
    )
  }
  return new GroundtraceError(
    'outbox-unavailable',
    `The outbox ${path} failed (${message})`,
    NEXT_STEPS[trouble] ?? 'Check the disk and call again: nothing of this call was stored',
    { cause: error },
  )
}
