import { SERVINGS } from '../truth/serving-ledger.ts'
import { TRUTHS } from '../truth/truth-schema.ts'

/** `PRAGMA application_id` of an outbox: "GTLS". */
export const APPLICATION_ID = 0x47544c53

/** One step of the schema. Steps are only ever added; a released step never changes. */
export interface Migration {
  readonly version: number
  readonly what: string
  readonly sql: string
}

export const SCHEMA_VERSIONS = `
CREATE TABLE schema_versions (
  version INTEGER PRIMARY KEY,
  what TEXT NOT NULL,
  recorded REAL NOT NULL
) STRICT;`

/**
 * `recorded`, `planned`, `attempted` and the like are times of this machine, in milliseconds since 1970. `created` and
 * `updated` are the server's own words and are compared with nothing else. IDs on the server are columns of what they
 * name, never keys: a server gives them again.
 *
 * - `units`: a prediction that was picked for a project, and the task that stands for it there. The tracking ID is here
 *   and goes nowhere; `key` is what the server sees.
 * - `changes`: all that was ever read of answers, in the order in which it was read. `answers` says which change stands.
 */
const OUTBOX = `
CREATE TABLE projects (
  name TEXT PRIMARY KEY,
  server INTEGER NOT NULL,
  mark TEXT,
  swept REAL,
  sweep_for TEXT
) STRICT;

CREATE TABLE positions (
  name TEXT PRIMARY KEY,
  position INTEGER NOT NULL
) STRICT;

CREATE TABLE rounds (
  id INTEGER PRIMARY KEY,
  task TEXT NOT NULL,
  project TEXT NOT NULL,
  after INTEGER NOT NULL,
  upto INTEGER NOT NULL,
  eligible INTEGER NOT NULL,
  drawn INTEGER NOT NULL,
  recorded REAL NOT NULL
) STRICT;

CREATE TABLE units (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  prediction TEXT NOT NULL,
  project TEXT NOT NULL,
  reason TEXT NOT NULL,
  propensity REAL,
  class TEXT,
  round INTEGER REFERENCES rounds (id),
  planned REAL NOT NULL,
  state TEXT NOT NULL,
  why TEXT,
  attempted REAL,
  server_project INTEGER,
  server_task INTEGER,
  created TEXT,
  updated TEXT,
  read REAL,
  drafts INTEGER NOT NULL DEFAULT 0,
  tasks INTEGER NOT NULL DEFAULT 1,
  UNIQUE (prediction, project)
) STRICT;
CREATE INDEX units_by_state ON units (project, state);
CREATE INDEX units_by_stamp ON units (project, updated) WHERE updated IS NOT NULL;
CREATE INDEX units_by_round ON units (round) WHERE round IS NOT NULL;

CREATE TABLE answers (
  id INTEGER PRIMARY KEY,
  unit INTEGER NOT NULL REFERENCES units (id),
  annotation INTEGER NOT NULL,
  created TEXT NOT NULL,
  updated TEXT NOT NULL,
  read REAL NOT NULL,
  standing INTEGER NOT NULL,
  UNIQUE (unit, annotation, created)
) STRICT;

CREATE INDEX answers_by_creation ON answers (created);

CREATE TABLE changes (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  answer INTEGER NOT NULL REFERENCES answers (id),
  kind TEXT NOT NULL,
  updated TEXT NOT NULL,
  content_json TEXT NOT NULL,
  recorded REAL NOT NULL
) STRICT;
CREATE INDEX changes_by_answer ON changes (answer);

CREATE TABLE gaps (
  id INTEGER PRIMARY KEY,
  project TEXT NOT NULL,
  kind TEXT NOT NULL,
  units INTEGER NOT NULL,
  answers INTEGER NOT NULL,
  detail TEXT NOT NULL,
  recorded REAL NOT NULL
) STRICT;

CREATE TABLE feedback (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  feedback_json TEXT NOT NULL,
  status TEXT,
  reason TEXT,
  recorded REAL NOT NULL
) STRICT;
CREATE INDEX feedback_waiting ON feedback (position) WHERE status IS NULL;
`

export const MIGRATIONS: readonly Migration[] = [
  { version: 1, what: 'the outbox', sql: OUTBOX },
  { version: 2, what: 'truth', sql: TRUTHS },
  { version: 3, what: 'what tasks show', sql: 'ALTER TABLE units ADD COLUMN digest TEXT' },
  { version: 4, what: 'what is served', sql: SERVINGS },
]
