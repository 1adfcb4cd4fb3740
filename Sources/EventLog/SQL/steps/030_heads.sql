-- Where each shard's log ends. Its row lock orders the appends: positions are handed out under it and released by the
-- commit, so they are gapless and visible in order (promise 2), which no sequence can give.
CREATE TABLE IF NOT EXISTS log.heads (
  shard integer PRIMARY KEY,
  last_position bigint NOT NULL DEFAULT 0,
  last_hash bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex'),
  recorded_at timestamptz NOT NULL DEFAULT '-infinity'
) WITH (fillfactor = 10); -- updated by every append: room on the page keeps those updates HOT
