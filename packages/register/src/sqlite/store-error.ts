import { GroundtraceError } from '@groundtrace/core'

/** SQLite's primary result codes that need a next step of their own: https://sqlite.org/rescode.html */
const BUSY = 5
const LOCKED = 6
const READONLY = 8
const CORRUPT = 11
const FULL = 13
const CANTOPEN = 14
const NOTADB = 26

const NEXT_STEPS: ReadonlyMap<number, string> = new Map([
  [BUSY, 'Another process holds it: let one process write, or raise busyTimeoutMs, and call again'],
  [LOCKED, 'Another process holds it: let one process write, or raise busyTimeoutMs, and call again'],
  [READONLY, 'Give this process the right to write the file and its folder'],
  [FULL, 'Free disk space and call again: nothing of this call was stored'],
  [CANTOPEN, 'Create its folder, or check the path and the right to read it'],
])

/** The primary code is in the low byte. */
function resultCode(error: unknown): number | undefined {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown }
  return code === 'ERR_SQLITE_ERROR' && typeof errcode === 'number' ? errcode & 0xff : undefined
}

/** Another process holds what this one asked for. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && resultCode(error) === BUSY
}

/** Does the work; when what the store holds is damaged, the other thing. @throws what the store itself throws when it fails */
export function unlessStoreFailed<T>(work: () => T, otherwise: (error: unknown) => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof Error && resultCode(error) !== undefined) throw error
    return otherwise(error)
  }
}

/** What SQLite threw, as the error that callers know; anything else as it is. */
export function storeError(error: unknown, path: string): unknown {
  if (!(error instanceof Error)) return error
  const code = resultCode(error)
  if (code === undefined) return error
  if (code === NOTADB || code === CORRUPT) {
    return new GroundtraceError(
      'register-incompatible',
      `${path} is no register, or it is damaged (${error.message})`,
      'Pass another path, or restore the file from a backup',
      { cause: error },
    )
  }
  return new GroundtraceError(
    'register-unavailable',
    `The register ${path} failed (${error.message})`,
    NEXT_STEPS.get(code) ?? 'Check the disk and call again: nothing of this call was stored',
    { cause: error },
  )
}
