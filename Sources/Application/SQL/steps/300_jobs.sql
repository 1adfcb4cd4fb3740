-- The schedule: what falls due by the clock, and what became of it the last time. One row per job, whatever the number of servers.
--
-- Two clocks, kept apart: `next_due` is by the servers' clock, which tests and mistakes move; all else is by the database's, of
-- which there is one.
CREATE TABLE IF NOT EXISTS operations.jobs (
  name text PRIMARY KEY,
  interval_ms bigint NOT NULL CHECK (interval_ms > 0),
  next_due timestamptz NOT NULL DEFAULT '-infinity',
  seen_at timestamptz NOT NULL DEFAULT clock_timestamp(), -- when a server last said that it has this job, within an hour
  running_by text, -- the process that took it; it runs as long as that process's connection holds the job's lock
  running_until timestamptz, -- from then on it counts as hung
  last_started timestamptz,
  last_finished timestamptz,
  last_outcome text CHECK (last_outcome IN ('succeeded', 'failed', 'died')),
  last_error text,
  last_run_by text,
  runs bigint NOT NULL DEFAULT 0,
  failures bigint NOT NULL DEFAULT 0,
  failures_in_a_row integer NOT NULL DEFAULT 0
);
