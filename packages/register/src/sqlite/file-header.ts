import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { APPLICATION_ID } from './schema.ts'

/** How every database begins, and where it says whose it is: https://sqlite.org/fileformat2.html#the_database_header */
const MAGIC = 'SQLite format 3\0'
const PAGES_AT = 28
const APPLICATION_ID_AT = 68
const HEADER_BYTES = 100

/**
 * Whose file it is. `unknown`: it is not there, empty, or can't be read; or its log holds what SQLite alone can read.
 */
export type FileKind = 'register' | 'other-database' | 'no-database' | 'unknown'

function headerOf(path: string): Buffer | undefined {
  const header = Buffer.alloc(HEADER_BYTES)
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    return undefined
  }
  try {
    return header.subarray(0, readSync(file, header, 0, HEADER_BYTES, 0))
  } catch {
    return undefined
  } finally {
    closeSync(file)
  }
}

/**
 * What a file is, without SQLite: that would leave a log beside somebody else's database, which only its owner may remove.
 */
export function fileKind(path: string): FileKind {
  const header = headerOf(path)
  if (header === undefined || header.length === 0) return 'unknown'
  if (header.length < HEADER_BYTES || header.toString('latin1', 0, MAGIC.length) !== MAGIC) return 'no-database'
  if (header.readInt32BE(APPLICATION_ID_AT) === APPLICATION_ID) return 'register'
  // A register that is made just now has one page, and its log says the rest.
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false })
  const isWhole = header.readUInt32BE(PAGES_AT) > 1 && (log === undefined || log.size === 0)
  return isWhole ? 'other-database' : 'unknown'
}
