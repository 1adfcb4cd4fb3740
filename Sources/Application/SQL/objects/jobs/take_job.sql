-- Takes a job for the calling connection, if it is due and nobody runs it. The caller keeps the connection until the job is done:
-- its advisory lock is what keeps others away.
CREATE OR REPLACE FUNCTION operations.take_job(
  name text, now timestamptz, spacing interval, process text, deadline interval
) RETURNS boolean
LANGUAGE plpgsql
AS $$
DECLARE
  job operations.jobs;
BEGIN
  IF NOT pg_try_advisory_lock(hashtext('recount job'), hashtext(take_job.name)) THEN
    PERFORM operations.end_hung_job(take_job.name);
    RETURN false;
  END IF;
  -- Read after the lock: what the one before us noted, it noted before it let go.
  SELECT j.* INTO job FROM operations.jobs AS j WHERE j.name = take_job.name;
  IF NOT FOUND OR NOT operations.job_is_due(job, take_job.now, take_job.spacing) THEN
    PERFORM pg_advisory_unlock(hashtext('recount job'), hashtext(take_job.name));
    RETURN false;
  END IF;
  UPDATE operations.jobs AS j
  SET running_by = take_job.process, running_until = clock_timestamp() + take_job.deadline,
    last_started = clock_timestamp(), last_run_by = take_job.process,
    -- Still marked as running, though nobody held it: that process died.
    last_outcome = CASE WHEN job.running_by IS NULL THEN j.last_outcome ELSE 'died' END,
    last_error = CASE
      WHEN job.running_by IS NULL THEN j.last_error
      ELSE format('%s ended in the middle of it', job.running_by)
    END,
    failures = j.failures + (job.running_by IS NOT NULL)::integer,
    failures_in_a_row = j.failures_in_a_row + (job.running_by IS NOT NULL)::integer
  WHERE j.name = take_job.name;
  RETURN true;
END
$$;
