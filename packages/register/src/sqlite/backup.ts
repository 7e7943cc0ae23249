import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { GroundtraceError, type Totals } from '@groundtrace/core'
import { openSqliteRegister } from './open.ts'
import { storeError } from './store-error.ts'

export interface SqliteBackupOptions {
  /** The register file. A service may write to it meanwhile. */
  readonly path: string
  /** File to make; there must be none. */
  readonly to: string
}

/** A backup that was made and opened again. */
export interface SqliteBackup {
  readonly bytes: number
  /** What is in it. */
  readonly totals: Totals
}

/** Figures that only rise: a copy lies between those of before and after it, and is equal to both when nobody writes. */
function rising({ predictions, members, feedback, outcomes }: Totals): readonly number[] {
  const withOutcome = Object.values(outcomes).reduce((sum, count) => sum + count, 0)
  return [predictions, members, feedback.stored + feedback.held, withOutcome]
}

async function totalsOf(path: string): Promise<Totals> {
  const register = openSqliteRegister({ path, readOnly: true })
  try {
    return await register.totals()
  } finally {
    await register.close()
  }
}

/** Why a file can't be made, with the next step. */
function whyNotMade(
  file: string,
  { code, message }: NodeJS.ErrnoException,
): readonly [cause: string, nextStep: string] {
  switch (code) {
    case 'EEXIST':
      return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true
        ? [`${file} is a folder`, 'Name a new file in it']
        : [`${file} is there already`, 'Name a new file; remove it first when it is of a backup that was interrupted']
    case 'ENOENT':
      return [`The folder of ${file} is missing`, 'Create it, or name a file in another']
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return [`${file} can't be made: this process may not write its folder`, 'Name a file in another folder']
    default:
      return [`${file} can't be made (${message})`, 'Name another file']
  }
}

/** Makes an empty file for its owner only, and never one that is there. */
function reserve(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    throw new GroundtraceError('invalid-argument', ...whyNotMade(file, error as NodeJS.ErrnoException), {
      cause: error,
    })
  }
}

/** On disk, not only on its way there. */
function sync(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** One snapshot: writers go on meanwhile, and the write-ahead log grows by what they write. Free pages are left out. */
function copy(path: string, to: string): void {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    database.prepare('VACUUM INTO ?').run(to)
  } finally {
    database.close()
  }
}

/**
 * Copies a register file while services write to it: one snapshot, in one file that is for its owner only, synced, and opened
 * again to compare its totals with those of the register. The file stands under its name when it is whole; until then it is
 * empty, and what is written so far stands beside it in `….partial`.
 * Rejects with GroundtraceError: `invalid-argument` when the file is there already or can't be made, `register-incompatible`,
 * `register-unavailable` as when the disk is full
 */
export async function backupSqliteRegister({ path, to }: SqliteBackupOptions): Promise<SqliteBackup> {
  const before = await totalsOf(path)
  const partial = `${to}.partial`
  reserve(to)
  try {
    reserve(partial)
    try {
      copy(path, partial)
      const totals = await totalsOf(partial)
      expectBetween(rising(before), rising(totals), rising(await totalsOf(path)), to)
      sync(partial)
      renameSync(partial, to)
      sync(dirname(resolve(to)))
      return { bytes: statSync(to).size, totals }
    } catch (error) {
      rmSync(partial, { force: true })
      throw error
    }
  } catch (error) {
    rmSync(to, { force: true })
    throw storeError(error, path)
  }
}

function expectBetween(
  least: readonly number[],
  found: readonly number[],
  most: readonly number[],
  file: string,
): void {
  const isWhole = found.every((figure, place) => figure >= (least[place] ?? 0) && figure <= (most[place] ?? 0))
  if (isWhole) return
  throw new GroundtraceError(
    'register-unavailable',
    `The backup ${file} holds ${found.join(', ')} predictions, members, feedback and outcomes; the register ${least.join(', ')}`,
    'Run groundtrace doctor on the register, check the disk of the backup, and make it again',
  )
}
