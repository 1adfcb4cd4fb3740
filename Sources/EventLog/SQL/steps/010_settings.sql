-- How the log was created. Fixed for its life: an account's shard is computed from `shards`, so changing it would
-- send an account's next event to another chain.
CREATE TABLE IF NOT EXISTS log.settings (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  shards integer NOT NULL CHECK (shards BETWEEN 1 AND 1024),
  created_at timestamptz NOT NULL DEFAULT now()
);
