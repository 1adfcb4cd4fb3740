-- The schedule, for people. `is_running`: a process holds the job now. `is_overdue`: it should have run a quarter of an hour ago, so no
-- server is there to run it, or none gets to it. Retired: servers have named their jobs since, and this was not among them.
CREATE OR REPLACE FUNCTION operations.job_status()
RETURNS TABLE (
  name text, interval_ms bigint, next_due timestamptz, running_by text, last_started timestamptz, last_finished timestamptz,
  last_outcome text, last_error text, last_run_by text, runs bigint, failures bigint, failures_in_a_row integer,
  is_overdue boolean
)
LANGUAGE sql
STABLE
AS $$
  WITH jobs AS (
    SELECT j.*, operations.job_holder(j.name) IS NOT NULL AND j.running_by IS NOT NULL AS is_running
    FROM operations.jobs AS j
    WHERE j.seen_at >= (SELECT max(k.seen_at) FROM operations.jobs AS k) - interval '1 day'
  )
  SELECT j.name, j.interval_ms, CASE WHEN isfinite(j.next_due) THEN j.next_due END,
    CASE WHEN j.is_running THEN j.running_by END, j.last_started, j.last_finished, j.last_outcome, j.last_error,
    j.last_run_by, j.runs, j.failures, j.failures_in_a_row,
    NOT j.is_running
      AND CASE WHEN j.last_started IS NULL THEN j.seen_at ELSE greatest(j.next_due, j.last_started) END
        < clock_timestamp() - interval '15 minutes'
  FROM jobs AS j
$$;
