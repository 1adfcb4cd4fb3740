-- Notes what became of a job. `error` NULL: it was done. `now` is the server's clock at the start of a run that succeeded, so that a
-- job keeps its time of day, and at the end of one that failed.
CREATE OR REPLACE FUNCTION operations.finish_job(name text, now timestamptz, process text, error text)
RETURNS void
LANGUAGE sql
AS $$
  UPDATE operations.jobs AS j
  SET running_by = NULL, running_until = NULL, last_finished = clock_timestamp(), runs = j.runs + 1,
    last_outcome = CASE WHEN finish_job.error IS NULL THEN 'succeeded' ELSE 'failed' END,
    last_error = left(finish_job.error, 2000),
    failures = j.failures + (finish_job.error IS NOT NULL)::integer,
    failures_in_a_row = CASE WHEN finish_job.error IS NULL THEN 0 ELSE j.failures_in_a_row + 1 END,
    next_due = finish_job.now + CASE
      WHEN finish_job.error IS NULL THEN make_interval(secs => j.interval_ms / 1000.0)
      ELSE operations.job_back_off(j.failures_in_a_row + 1, j.interval_ms)
    END
  -- One that was ended as hung and comes back must not speak for whoever has taken over.
  WHERE j.name = finish_job.name AND j.running_by = finish_job.process
$$;
