/** `PRAGMA application_id` of a register file: "GTRG". */
export const APPLICATION_ID = 0x47545247

/** One step of the schema. Steps are only ever added; a released step never changes. */
export interface Migration {
  readonly version: number
  readonly what: string
  readonly sql: string
}

/**
 * Positions are row IDs: assigned under the write lock, so they rise in commit order. Pruning deletes whole predictions with
 * all that is about them; `given` says how far a ledger had come by then, so that no position is given twice.
 * `recorded` is when a row was written; `time` is event time. Both are milliseconds since 1970.
 * Columns that hold JSON say so in their name or hold one value of a task.
 */
const FOUR_LEDGERS = `
CREATE TABLE tasks (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  definition_json TEXT NOT NULL,
  recorded REAL NOT NULL
) STRICT;

CREATE TABLE versions (
  id INTEGER PRIMARY KEY,
  model TEXT NOT NULL,
  version TEXT NOT NULL,
  predictions INTEGER NOT NULL DEFAULT 0,
  trained INTEGER REFERENCES lineage (position),
  trained_on TEXT,
  validated_on TEXT,
  live INTEGER REFERENCES lineage (position),
  UNIQUE (model, version)
) STRICT;
CREATE INDEX versions_trained_on ON versions (trained_on) WHERE trained_on IS NOT NULL;
CREATE INDEX versions_validated_on ON versions (validated_on) WHERE validated_on IS NOT NULL;

CREATE TABLE predictions (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  task INTEGER NOT NULL REFERENCES tasks (id),
  version INTEGER NOT NULL REFERENCES versions (id),
  time REAL NOT NULL,
  horizon_seconds REAL NOT NULL,
  value_json TEXT,
  scores_json TEXT,
  slices_json TEXT,
  entity TEXT,
  policy_json TEXT,
  latency_seconds REAL,
  error TEXT,
  parent TEXT,
  whole TEXT,
  recorded REAL NOT NULL,
  outcome_version INTEGER NOT NULL DEFAULT 0,
  closed INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX predictions_parent ON predictions (parent) WHERE parent IS NOT NULL;
CREATE INDEX predictions_whole ON predictions (whole) WHERE whole IS NOT NULL;
CREATE INDEX predictions_closed ON predictions (task, time) WHERE closed = 1;

CREATE TABLE open_blocks (block INTEGER PRIMARY KEY, earliest REAL NOT NULL) STRICT;
CREATE INDEX open_blocks_earliest ON open_blocks (earliest);

CREATE TABLE key_seed (high INTEGER NOT NULL, low INTEGER NOT NULL) STRICT;
INSERT INTO key_seed VALUES (random() & 0xffffffff, random() & 0xffffffff);
CREATE TABLE key_runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key_index INTEGER NOT NULL,
  level INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  length INTEGER NOT NULL,
  filter BLOB NOT NULL,
  fences BLOB NOT NULL
) STRICT;
CREATE TABLE key_pages (
  id INTEGER PRIMARY KEY,
  entries BLOB NOT NULL
) STRICT;

CREATE TABLE prediction_payloads (
  position INTEGER PRIMARY KEY REFERENCES predictions (position),
  user_json TEXT,
  features_json TEXT
) STRICT;

CREATE TABLE feedback (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  prediction INTEGER NOT NULL REFERENCES predictions (position),
  time REAL NOT NULL,
  replaces TEXT,
  line_json TEXT NOT NULL,
  payload INTEGER,
  held_at_join INTEGER NOT NULL,
  held INTEGER NOT NULL,
  late INTEGER NOT NULL,
  recorded REAL NOT NULL
) STRICT;
CREATE INDEX feedback_prediction ON feedback (prediction);
CREATE INDEX feedback_replaces ON feedback (replaces) WHERE replaces IS NOT NULL;

CREATE TABLE pen (
  sequence INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  prediction TEXT,
  task TEXT,
  entity TEXT,
  time REAL NOT NULL,
  replaces TEXT,
  line_json TEXT NOT NULL,
  payload INTEGER,
  recorded REAL NOT NULL
) STRICT;
CREATE INDEX pen_prediction ON pen (prediction) WHERE prediction IS NOT NULL;
CREATE INDEX pen_entity ON pen (entity, task, time) WHERE entity IS NOT NULL;
CREATE INDEX pen_replaces ON pen (replaces) WHERE replaces IS NOT NULL;

CREATE TABLE feedback_payloads (
  id INTEGER PRIMARY KEY,
  user_json TEXT,
  words_json TEXT
) STRICT;
CREATE INDEX feedback_payloads_user ON feedback_payloads (user_json) WHERE user_json IS NOT NULL;
CREATE INDEX feedback_payload ON feedback (payload) WHERE payload IS NOT NULL;
CREATE INDEX pen_payload ON pen (payload) WHERE payload IS NOT NULL;

CREATE TABLE consent_key (key BLOB NOT NULL) STRICT;
INSERT INTO consent_key VALUES (randomblob(32));
CREATE TABLE withdrawn (
  user_hash TEXT PRIMARY KEY,
  recorded REAL NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE outcomes (
  position INTEGER PRIMARY KEY,
  prediction INTEGER NOT NULL REFERENCES predictions (position),
  version INTEGER NOT NULL,
  phase TEXT NOT NULL,
  verdict_json TEXT NOT NULL,
  evidence_json TEXT NOT NULL,
  time REAL NOT NULL,
  replaces_json TEXT,
  recorded REAL NOT NULL,
  UNIQUE (prediction, version)
) STRICT;

CREATE TABLE lineage (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  data_set TEXT UNIQUE,
  line_json TEXT NOT NULL,
  members INTEGER NOT NULL DEFAULT 0,
  recorded REAL NOT NULL
) STRICT;
CREATE TABLE members (
  line INTEGER NOT NULL REFERENCES lineage (position),
  place INTEGER NOT NULL,
  example TEXT NOT NULL,
  prediction TEXT NOT NULL,
  feedback_json TEXT NOT NULL,
  lost TEXT,
  PRIMARY KEY (line, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_prediction ON members (prediction);
CREATE INDEX members_example ON members (example);

CREATE TABLE retention (
  task INTEGER PRIMARY KEY,
  before REAL NOT NULL
) STRICT;
CREATE TABLE given (
  ledger TEXT PRIMARY KEY,
  position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE cursors (
  name TEXT PRIMARY KEY,
  ledger TEXT NOT NULL,
  position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE counts (
  name TEXT NOT NULL,
  labels_json TEXT NOT NULL,
  value REAL NOT NULL,
  expires REAL,
  PRIMARY KEY (name, labels_json)
) STRICT, WITHOUT ROWID;
CREATE INDEX counts_expires ON counts (expires) WHERE expires IS NOT NULL;
CREATE TABLE tallies (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE loss (
  reason TEXT PRIMARY KEY,
  lines INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`

/** Oldest first. */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, what: 'four ledgers, payloads, pen, cursors and tallies', sql: FOUR_LEDGERS },
]

export const SCHEMA_VERSIONS = `
CREATE TABLE schema_versions (
  version INTEGER PRIMARY KEY,
  what TEXT NOT NULL,
  recorded REAL NOT NULL
) STRICT;
`
