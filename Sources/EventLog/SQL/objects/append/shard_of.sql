-- Which shard holds an account's events; the same in Swift: ShardMap.
CREATE OR REPLACE FUNCTION log.shard_of(account_id uuid) RETURNS integer
LANGUAGE sql
STABLE
AS $$
  SELECT (('x' || encode(substr(sha256(uuid_send(account_id)), 1, 4), 'hex'))::bit(32)::bigint % s.shards)::integer
  FROM log.settings AS s
$$;
