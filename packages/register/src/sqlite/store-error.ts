import { existsSync, statSync, type Stats } from 'node:fs'
import { dirname } from 'node:path'
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
])

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

/** Why a file can't be opened, with the next step: SQLite says only that it can't. */
function lackOf(path: string): readonly [cause: string, nextStep: string] {
  const found = statOf(path)
  if (found?.isDirectory() === true) return [`${path} is a folder`, 'Pass the path of a register file in it']
  if (!existsSync(dirname(path))) return [`The folder of ${path} is missing`, 'Create its folder, or check the path']
  if (found === undefined) {
    return [`There is no register file ${path}, or it can't be reached`, 'Check the path and the rights to its folder']
  }
  return [`${path} can't be opened`, 'Give this process the right to read the file and its folder']
}

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

/** What a transaction threw: of what is neither SQLite's nor ours the cause is what the file holds, such as half a row. */
export function transactionError(error: unknown, path: string): unknown {
  const known = storeError(error, path)
  if (GroundtraceError.isInstance(known)) return known
  return new GroundtraceError(
    'register-unavailable',
    `The register ${path} holds what can't be read (${error instanceof Error ? error.message : String(error)})`,
    'Run groundtrace doctor to see what is damaged; if it finds nothing wrong, report this',
    { cause: error },
  )
}

/** What SQLite threw, as the error that callers know; anything else as it is. */
export function storeError(error: unknown, path: string): unknown {
  if (!(error instanceof Error)) return error
  const code = resultCode(error)
  if (code === undefined) return error
  if (code === NOTADB) return noRegister(path, error)
  if (code === CORRUPT) {
    return new GroundtraceError(
      'register-incompatible',
      `The register ${path} is damaged (${error.message})`,
      'Run groundtrace doctor to see how far, and restore the newest backup; if it never was one, pass another path',
      { cause: error },
    )
  }
  if (code === CANTOPEN) return new GroundtraceError('register-unavailable', ...lackOf(path), { cause: error })
  return new GroundtraceError(
    'register-unavailable',
    `The register ${path} failed (${error.message})`,
    NEXT_STEPS.get(code) ?? 'Check the disk and call again: nothing of this call was stored',
    { cause: error },
  )
}

/** The file does not begin as one of SQLite does. */
export function noRegister(path: string, cause?: unknown): GroundtraceError {
  return new GroundtraceError(
    'register-incompatible',
    `${path} is no register, or its beginning is damaged: SQLite does not know it`,
    'Pass another path, or restore the file from a backup',
    cause === undefined ? {} : { cause },
  )
}
