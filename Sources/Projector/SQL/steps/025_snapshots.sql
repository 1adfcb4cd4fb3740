-- Read models as they were at a moment (`recount replay --as-of`), each in a schema of its own: how far every shard of one is
-- to go, and how far it has come, so that a build which broke off is taken up where it was. Nothing moves one that is complete.
CREATE TABLE IF NOT EXISTS projector.snapshots (
  schema text NOT NULL,
  shard integer NOT NULL,
  projection text NOT NULL,
  name text NOT NULL, -- what the schemas of one moment have in common: <projection>_<name>
  upto bigint NOT NULL, -- the last position that it is to know of
  position bigint NOT NULL DEFAULT 0,
  hash bytea NOT NULL, -- the chain's link at `upto`: which log this is a prefix of
  recorded_at timestamptz, -- of the event at `upto`; NULL when the shard was empty then
  definition text NOT NULL, -- SHA-256 of schema.sql and apply.sql, hex
  PRIMARY KEY (schema, shard)
);
