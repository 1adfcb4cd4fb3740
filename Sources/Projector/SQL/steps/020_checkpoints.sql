-- One row per projection and shard: how far it has applied the log. The row is the lease, too: who applies events holds its
-- lock (FOR UPDATE SKIP LOCKED), and moves it in the transaction that applies them, so that a crash at any point neither loses
-- nor doubles an event.
--
-- `foresight` is where the log ended when the model was begun: corrections up to there are taken into account from its first event
-- on, later ones when they come (log.read_corrected()).
--
-- (position, hash) says which prefix of the log the read model is derived from: `hash` is the chain's link at that position.
CREATE TABLE IF NOT EXISTS projector.checkpoints (
  projection text NOT NULL, -- also its schema's name; `<name>_next` while it is rebuilt
  shard integer NOT NULL,
  position bigint NOT NULL DEFAULT 0,
  foresight bigint NOT NULL DEFAULT 0,
  hash bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex'),
  recorded_at timestamptz, -- of the event at `position`; NULL before the first
  applied_at timestamptz NOT NULL DEFAULT now(),
  status text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'stopped')),
  error text, -- why it stopped
  definition text NOT NULL, -- SHA-256 of schema.sql and apply.sql, hex
  PRIMARY KEY (projection, shard)
) WITH (fillfactor = 10); -- updated by every cut: room on the page keeps those updates HOT
