-- The corrections in the log (`telemetry_voided`): which tracked requests no longer count. Written by the append alone, beside the
-- event that says the same; log.first_bad_batch() holds the two against each other. A table, because whoever counts requests must
-- know the corrections of what he counts, and the log is read in pieces.
--
-- A void takes the requests of its project and mode with "from" <= timestamp < "to" at positions up to upto_position that no
-- earlier void has taken. Every position up to upto_position was in the log before the void was decided, so what it takes
-- is fixed for good, whatever is recorded meanwhile.
CREATE TABLE IF NOT EXISTS log.voids (
  shard integer NOT NULL,
  position bigint NOT NULL, -- of the event
  void_id uuid NOT NULL,
  project_id uuid NOT NULL,
  mode text NOT NULL,
  "from" bigint NOT NULL, -- milliseconds since 1970
  "to" bigint NOT NULL CHECK ("to" > "from"),
  upto_position bigint NOT NULL CHECK (upto_position < position),
  PRIMARY KEY (shard, position),
  UNIQUE (shard, void_id)
);
