-- The backend that holds a job's lock; NULL when nobody does. A session's advisory lock, not a row's: it lasts as long as the
-- job without a transaction that would keep VACUUM waiting, and vanishes with the connection of a process that died.
CREATE OR REPLACE FUNCTION operations.job_holder(name text) RETURNS integer
LANGUAGE sql
STABLE
AS $$
  SELECT l.pid
  FROM pg_locks AS l
  WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
    AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
    -- A lock's two keys are kept as unsigned numbers.
    AND l.classid::bigint = hashtext('recount job')::bigint & 4294967295
    AND l.objid::bigint = hashtext(job_holder.name)::bigint & 4294967295
$$;
