/** One step of the schema. Steps are only ever added; a released step never changes. */
export interface Migration {
  readonly version: number
  readonly what: string
  /** Statements, for a schema of this name, quoted. */
  readonly sql: (schema: string) => string
}

/** Objects of the advisory locks whose class stands for the schema; the stripes of `locks.ts` come before them, from 0. */
export const LOCKS = { order: 1000, tasks: 1001, lineage: 1002, schema: 1003, consent: 1004, versions: 1005 } as const

/**
 * Text is compared byte by byte (`COLLATE "C"`): tracking IDs are looked up by prefix. JSON stands in text, because
 * PostgreSQL's own types refuse NUL and halves of surrogate pairs, which a feature may hold.
 * `time` is event time, `recorded` when a row was written: milliseconds since 1970.
 * `tx` is the transaction that wrote a line. `allocate` gives it out together with the line's position, so that both have the
 * same order: a reader that stops at the oldest running transaction has seen all that will ever stand before.
 * Rows of the ledgers never change but for `held`, and for feedback that leaves the pen (`position IS NULL`). There are no
 * foreign keys: checking them would lock the referenced rows, and nothing but the register writes here.
 */
const FOUR_LEDGERS = (s: string): string => `
CREATE TABLE ${s}.tasks (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text COLLATE "C" NOT NULL UNIQUE,
  definition_json text NOT NULL,
  revision bigint NOT NULL,
  recorded double precision NOT NULL
);
CREATE INDEX ON ${s}.tasks (revision);
CREATE SEQUENCE ${s}.task_revisions;

CREATE TABLE ${s}.versions (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  model text COLLATE "C" NOT NULL,
  version text COLLATE "C" NOT NULL,
  trained bigint,
  live bigint,
  trained_on text COLLATE "C",
  validated_on text COLLATE "C",
  UNIQUE (model, version)
);
CREATE INDEX ON ${s}.versions (trained_on) WHERE trained_on IS NOT NULL;
CREATE INDEX ON ${s}.versions (validated_on) WHERE validated_on IS NOT NULL;

CREATE TABLE ${s}.predictions (
  position bigint PRIMARY KEY,
  tx xid8 NOT NULL,
  id text COLLATE "C" NOT NULL UNIQUE,
  task integer NOT NULL,
  version integer NOT NULL,
  time double precision NOT NULL,
  horizon_seconds double precision NOT NULL,
  value_json text,
  scores_json text,
  slices_json text,
  entity text COLLATE "C",
  policy_json text,
  latency_seconds double precision,
  error text,
  parent text COLLATE "C",
  whole text COLLATE "C",
  has_payload boolean NOT NULL,
  recorded double precision NOT NULL
);
CREATE INDEX predictions_entity ON ${s}.predictions (task, entity, time, id)
  WHERE entity IS NOT NULL AND whole IS NULL;
CREATE INDEX predictions_time ON ${s}.predictions (task, time, position);
CREATE INDEX predictions_parent ON ${s}.predictions (parent) WHERE parent IS NOT NULL;
CREATE INDEX predictions_whole ON ${s}.predictions (whole) WHERE whole IS NOT NULL;

CREATE TABLE ${s}.horizons (
  prediction bigint PRIMARY KEY,
  due double precision NOT NULL
);
CREATE INDEX horizons_due ON ${s}.horizons (due, prediction);

CREATE TABLE ${s}.prediction_payloads (
  prediction bigint NOT NULL,
  recorded double precision NOT NULL,
  user_json text COLLATE "C",
  features_json text,
  PRIMARY KEY (prediction, recorded)
) PARTITION BY RANGE (recorded);
CREATE INDEX ON ${s}.prediction_payloads (user_json) WHERE user_json IS NOT NULL;

CREATE TABLE ${s}.feedback (
  arrival bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  position bigint UNIQUE,
  tx xid8,
  id text COLLATE "C" NOT NULL UNIQUE,
  prediction bigint,
  waits_for text COLLATE "C",
  task text COLLATE "C",
  entity text COLLATE "C",
  time double precision NOT NULL,
  replaces text COLLATE "C",
  line_json text NOT NULL,
  has_payload boolean NOT NULL,
  held_at_join boolean NOT NULL,
  held boolean NOT NULL,
  late boolean NOT NULL,
  settles boolean NOT NULL,
  recorded double precision NOT NULL
);
CREATE INDEX feedback_prediction ON ${s}.feedback (prediction, time) WHERE prediction IS NOT NULL;
-- What may change a verdict, apart from thousands of clicks.
CREATE INDEX feedback_settles ON ${s}.feedback (prediction) WHERE prediction IS NOT NULL AND settles;
CREATE INDEX feedback_replaces ON ${s}.feedback (replaces) WHERE replaces IS NOT NULL;
CREATE INDEX pen_arrival ON ${s}.feedback (arrival) WHERE position IS NULL;
CREATE INDEX pen_prediction ON ${s}.feedback (waits_for) WHERE position IS NULL AND waits_for IS NOT NULL;
CREATE INDEX pen_entity ON ${s}.feedback (entity, task, time) WHERE position IS NULL AND entity IS NOT NULL;

CREATE TABLE ${s}.feedback_payloads (
  feedback bigint PRIMARY KEY,
  user_json text COLLATE "C",
  words_json text
);
CREATE INDEX ON ${s}.feedback_payloads (user_json) WHERE user_json IS NOT NULL;

CREATE TABLE ${s}.consent_key (key bytea NOT NULL);
INSERT INTO ${s}.consent_key
  VALUES (decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));
CREATE TABLE ${s}.withdrawn (
  user_hash text COLLATE "C" PRIMARY KEY,
  recorded double precision NOT NULL
);

CREATE TABLE ${s}.outcomes (
  position bigint PRIMARY KEY,
  tx xid8 NOT NULL,
  prediction bigint NOT NULL,
  version integer NOT NULL,
  phase text NOT NULL,
  verdict_json text NOT NULL,
  evidence_json text NOT NULL,
  time double precision NOT NULL,
  replaces_json text,
  recorded double precision NOT NULL,
  UNIQUE (prediction, version)
);

CREATE TABLE ${s}.lineage (
  position bigint PRIMARY KEY,
  tx xid8 NOT NULL,
  id text COLLATE "C" NOT NULL UNIQUE,
  data_set text COLLATE "C" UNIQUE,
  line_json text NOT NULL,
  members integer NOT NULL,
  recorded double precision NOT NULL
);
CREATE TABLE ${s}.members (
  line bigint NOT NULL,
  place integer NOT NULL,
  example text COLLATE "C" NOT NULL,
  prediction text COLLATE "C" NOT NULL,
  feedback_json text NOT NULL,
  lost text,
  PRIMARY KEY (line, place)
);
CREATE INDEX ON ${s}.members (prediction);
CREATE INDEX ON ${s}.members (example);

-- What was made before is not kept any more; task 0: of every task.
CREATE TABLE ${s}.retention (
  task integer PRIMARY KEY,
  before double precision NOT NULL
);

CREATE TABLE ${s}.cursors (
  name text COLLATE "C" PRIMARY KEY,
  ledger text NOT NULL,
  position bigint NOT NULL
);
CREATE TABLE ${s}.counts (
  name text COLLATE "C" NOT NULL,
  labels_json text COLLATE "C" NOT NULL,
  value double precision NOT NULL,
  expires double precision,
  PRIMARY KEY (name, labels_json)
);
CREATE INDEX ON ${s}.counts (expires) WHERE expires IS NOT NULL;
-- A figure is the sum of its shards: writers that run side by side add to different rows.
CREATE TABLE ${s}.tallies (
  name text COLLATE "C" NOT NULL,
  shard integer NOT NULL,
  value bigint NOT NULL,
  PRIMARY KEY (name, shard)
);
CREATE TABLE ${s}.loss (
  reason text COLLATE "C" PRIMARY KEY,
  lines bigint NOT NULL
);

-- Lines up to here come from a server whose transactions were numbered anew since: all of them have ended.
CREATE TABLE ${s}.restored (upto bigint NOT NULL);
INSERT INTO ${s}.restored VALUES (0);

CREATE SEQUENCE ${s}.positions;
-- Gives so many positions to the transaction that calls it, before its first write; the first is returned. The lock is let
-- go at once: it only sees to it that transactions and positions are numbered in one order.
CREATE FUNCTION ${s}.allocate(class integer, lines bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  first bigint;
BEGIN
  IF pg_current_xact_id_if_assigned() IS NOT NULL THEN
    RAISE EXCEPTION 'positions are given out before the first write of a transaction';
  END IF;
  PERFORM pg_advisory_lock(class, ${LOCKS.order});
  PERFORM pg_current_xact_id();
  first := nextval('${s}.positions');
  PERFORM setval('${s}.positions', first + lines - 1);
  PERFORM pg_advisory_unlock(class, ${LOCKS.order});
  RETURN first;
END $$;
`

/** Oldest first. */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, what: 'four ledgers, payloads, pen, cursors and tallies', sql: FOUR_LEDGERS },
]

export const schemaVersions = (schema: string): string => `
CREATE TABLE ${schema}.schema_versions (
  version integer PRIMARY KEY,
  what text NOT NULL,
  recorded double precision NOT NULL
)`
