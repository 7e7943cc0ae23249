import { DatabaseSync } from 'node:sqlite'
import type { Prediction } from '@groundtrace/core'

export interface BareTable {
  append(lines: readonly Prediction[]): void
  close(): void
}

/** The columns of a prediction in the register's ledger, written by hand, in commits that are as durable. */
export function bareTable(path: string, { unique }: { readonly unique: boolean }): BareTable {
  const database = new DatabaseSync(path)
  database.exec('PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  database.exec(`CREATE TABLE predictions (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL ${unique ? 'UNIQUE' : ''}, task INTEGER NOT NULL,
    version INTEGER NOT NULL, time REAL NOT NULL, horizon_seconds REAL NOT NULL, value_json TEXT, scores_json TEXT,
    latency_seconds REAL, recorded REAL NOT NULL) STRICT`)
  const insert = database.prepare(`
    INSERT INTO predictions (id, task, version, time, horizon_seconds, value_json, scores_json, latency_seconds, recorded)
    VALUES (?, 1, 1, ?, ?, ?, ?, ?, ?)`)
  return {
    append(lines) {
      const recorded = Date.now()
      database.exec('BEGIN IMMEDIATE')
      for (const { id, time, task, value, scores, latencySeconds } of lines) {
        insert.run(
          id,
          time,
          task.horizonSeconds,
          JSON.stringify(value),
          JSON.stringify(scores),
          latencySeconds ?? null,
          recorded,
        )
      }
      database.exec('COMMIT')
    },
    close: () => database.close(),
  }
}
