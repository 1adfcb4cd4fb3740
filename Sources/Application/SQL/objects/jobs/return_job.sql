-- Gives a job back undone, when its server shuts down: due as it was, for the next.
CREATE OR REPLACE FUNCTION operations.return_job(name text, process text) RETURNS void
LANGUAGE sql
AS $$
  UPDATE operations.jobs AS j
  SET running_by = NULL, running_until = NULL
  WHERE j.name = return_job.name AND j.running_by = return_job.process
$$;
