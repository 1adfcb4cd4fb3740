-- Says which jobs a server has. New ones are due at once; those that no server has named for a day are shown as retired.
CREATE OR REPLACE FUNCTION operations.register_jobs(names text[], intervals_ms bigint[]) RETURNS void
LANGUAGE sql
AS $$
  INSERT INTO operations.jobs AS j (name, interval_ms)
  SELECT n.name, n.interval_ms
  FROM unnest(register_jobs.names, register_jobs.intervals_ms) AS n (name, interval_ms)
  ORDER BY n.name
  ON CONFLICT (name) DO UPDATE SET interval_ms = EXCLUDED.interval_ms, seen_at = clock_timestamp()
  -- Asked at every look: written once an hour.
  WHERE j.interval_ms <> EXCLUDED.interval_ms OR j.seen_at < clock_timestamp() - interval '1 hour'
    OR j.seen_at > clock_timestamp()
$$;
