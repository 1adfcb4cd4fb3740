-- Whether a meter has come to where a crossing (log.quota_percent) is recorded. Crossings are of live meters alone: of test events
-- nobody is told.
CREATE OR REPLACE FUNCTION log.is_crossed(crossing text, mode text, used bigint, quota bigint) RETURNS boolean
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
  SELECT is_crossed.mode = 'live' AND is_crossed.used * 100 >= is_crossed.quota * log.quota_percent(is_crossed.crossing)
$$;
