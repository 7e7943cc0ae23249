/**
 * - `fits`: how the answers of a crowd were put together when something followed from it.
 * - `truths`: what was held of units, one line for each change; the last one of a unit stands. `feedback` is the ID of the
 *   last line about it that was made for the register, `said` what this change said there, if it said anything.
 * - `marks`: which answer of a unit is to be marked as ground truth on the server, and which one is.
 */
export const TRUTHS = `
CREATE TABLE fits (
  id INTEGER PRIMARY KEY,
  project TEXT NOT NULL,
  method TEXT NOT NULL,
  choice_json TEXT NOT NULL,
  recorded REAL NOT NULL
) STRICT;

CREATE TABLE truths (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  unit INTEGER NOT NULL REFERENCES units (id),
  stage TEXT NOT NULL,
  label TEXT,
  version INTEGER NOT NULL,
  feedback TEXT,
  said TEXT,
  verdict_json TEXT NOT NULL,
  fit INTEGER REFERENCES fits (id),
  recorded REAL NOT NULL
) STRICT;
CREATE INDEX truths_by_unit ON truths (unit);

CREATE TABLE marks (
  unit INTEGER PRIMARY KEY REFERENCES units (id),
  wanted INTEGER REFERENCES answers (id),
  marked INTEGER REFERENCES answers (id)
) STRICT;
CREATE INDEX marks_waiting ON marks (unit) WHERE wanted IS NOT marked;
CREATE INDEX feedback_conflicts ON feedback (id) WHERE status = 'conflict';
`
