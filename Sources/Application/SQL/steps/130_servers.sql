-- The server processes over this database: what each divides a key's rate by where no Redis counts for all of them.
-- Unlogged: after a crash of the database every server calls again within seconds.
CREATE UNLOGGED TABLE IF NOT EXISTS operations.servers (
  server_id uuid PRIMARY KEY, -- drawn at a process's start
  seen_at timestamptz NOT NULL -- by the database's clock, of which there is one
) WITH (fillfactor = 50);
