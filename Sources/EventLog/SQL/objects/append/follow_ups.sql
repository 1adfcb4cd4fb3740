-- What log.consequences() gives, without why anything was invalid. For appends alone that began in the body of an older release and wait for
-- their turn while the log is migrated.
CREATE OR REPLACE FUNCTION log.follow_ups(shard integer, decided log.decision[], tallies_all boolean)
RETURNS SETOF jsonb
LANGUAGE sql
STABLE
AS $$
  SELECT c.unit FROM log.consequences(follow_ups.shard, NULL, follow_ups.decided, follow_ups.tallies_all) AS c (unit)
$$;
