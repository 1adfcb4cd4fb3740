-- Which of a server's jobs it may try to take now: due, and held by nobody or by a process that has hung.
CREATE OR REPLACE FUNCTION operations.due_jobs(names text[], now timestamptz, spacing interval)
RETURNS TABLE (name text)
LANGUAGE sql
VOLATILE
AS $$
  SELECT j.name
  FROM operations.jobs AS j
  WHERE j.name = ANY (due_jobs.names)
    AND CASE
      WHEN j.running_by IS NOT NULL AND operations.job_holder(j.name) IS NOT NULL
        THEN j.running_until < clock_timestamp()
      ELSE operations.job_is_due(j, due_jobs.now, due_jobs.spacing)
    END
$$;
