import { consentHash } from '../consent.ts'
import type { Connection, Database, Statement } from './database.ts'
import { LOCKS } from './schema.ts'

export interface ConsentTable {
  /** Those of some users who withdrew. Call it under the lock that every transaction takes which appends. */
  withdrawnAmong(connection: Connection, users: readonly string[]): Promise<ReadonlySet<string>>
  set(user: string, consent: 'given' | 'withdrawn'): Promise<void>
}

/** Reads the key of this register. */
export async function consentTable(database: Database): Promise<ConsentTable> {
  const { schema: s, lockClass } = database
  const selectKey: Statement = { name: 'consent-key', sql: `SELECT key FROM ${s}.consent_key` }
  const select: Statement = {
    name: 'consent-withdrawn',
    sql: `SELECT user_hash FROM ${s}.withdrawn WHERE user_hash = ANY($1::text[])`,
  }
  const insert: Statement = {
    name: 'consent-withdraw',
    sql: `INSERT INTO ${s}.withdrawn (user_hash, recorded) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
  }
  const remove: Statement = { name: 'consent-renew', sql: `DELETE FROM ${s}.withdrawn WHERE user_hash = $1` }
  const rows = await database.read((connection) => connection.rows<{ readonly key: Uint8Array }>(selectKey))
  const { key } = rows[0] as { readonly key: Uint8Array }
  // What appends holds it shared, and so is either seen by the erasure that follows, or sees who withdrew.
  const lock = `SELECT pg_advisory_xact_lock(${lockClass}, ${LOCKS.consent})`

  return {
    async withdrawnAmong(connection, users) {
      if (users.length === 0) return new Set()
      const byHash = new Map(users.map((user) => [consentHash(key, user), user]))
      const found = await connection.rows<{ readonly user_hash: string }>(select, [[...byHash.keys()]])
      return new Set(found.map(({ user_hash: hash }) => byHash.get(hash) as string))
    },
    async set(user, consent) {
      const hash = consentHash(key, user)
      await database.write(async (connection) => {
        if (consent === 'given') await connection.rows(remove, [hash])
        else await connection.rows(insert, [hash, database.now()])
      }, lock)
    },
  }
}

/** The users that lines name. */
export function usersOf(lines: readonly { readonly user?: string }[]): readonly string[] {
  return [...new Set(lines.flatMap(({ user }) => (user === undefined ? [] : [user])))]
}
