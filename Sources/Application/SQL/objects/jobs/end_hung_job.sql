-- Ends the connection of a process that holds a job beyond its deadline: stopped, or cut off from us but not from the database.
-- Its lock goes with it. As the owner, for only the same login may end a backend, and only for a job that has hung.
CREATE OR REPLACE FUNCTION operations.end_hung_job(name text) RETURNS boolean
LANGUAGE sql
VOLATILE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT pg_terminate_backend(operations.job_holder(j.name))
  FROM operations.jobs AS j
  WHERE j.name = end_hung_job.name AND j.running_by IS NOT NULL AND j.running_until < clock_timestamp()
$$;
