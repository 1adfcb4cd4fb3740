-- Whether a job falls due by a server's clock.
--
-- Clocks jump. One that jumped ahead and came back left a next_due that lies further off than an honest clock could have put it: the
-- job is due at once rather than in a year. Twice the interval, for a clock that is set back a little is no reason to run again. Two
-- servers whose clocks disagree by more would so make a job due for each other without end: by the database's clock `spacing` must
-- lie between two runs.
CREATE OR REPLACE FUNCTION operations.job_is_due(job operations.jobs, now timestamptz, spacing interval) RETURNS boolean
LANGUAGE sql
VOLATILE
AS $$
  SELECT
    (job.next_due <= job_is_due.now
      OR job.next_due > job_is_due.now + 2 * make_interval(secs => job.interval_ms / 1000.0))
    AND (job.last_finished IS NULL
      OR job.last_finished > clock_timestamp() -- the database's clock went back: no reason to wait until it is there again
      OR job.last_finished + least(job_is_due.spacing, make_interval(secs => job.interval_ms / 1000.0))
        <= clock_timestamp())
    -- One whose process died is taken over at once, but a job that kills whoever runs it waits longer each time.
    AND (job.running_by IS NULL
      OR job.last_started + operations.job_back_off(job.failures_in_a_row, job.interval_ms) <= clock_timestamp())
$$;
