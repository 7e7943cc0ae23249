/** SQLite's primary result codes that need a next step of their own: https://sqlite.org/rescode.html */
const CODES = { busy: 5, locked: 6, readOnly: 8, corrupt: 11, full: 13, cantOpen: 14, notADatabase: 26 } as const

export type SqliteTrouble = keyof typeof CODES | 'other'

/** What SQLite complains of; undefined for an error that is not SQLite's. The primary code is in the low byte. */
export function sqliteTrouble(error: unknown): SqliteTrouble | undefined {
  if (!(error instanceof Error)) return undefined
  const { code, errcode } = error as { code?: unknown; errcode?: unknown }
  if (code !== 'ERR_SQLITE_ERROR' || typeof errcode !== 'number') return undefined
  const primary = errcode & 0xff
  const known = (Object.keys(CODES) as (keyof typeof CODES)[]).find((name) => CODES[name] === primary)
  return known ?? 'other'
}

/** Another process, or another connection, holds what was asked for. */
export function isBusy(error: unknown): boolean {
  const trouble = sqliteTrouble(error)
  return trouble === 'busy' || trouble === 'locked'
}
