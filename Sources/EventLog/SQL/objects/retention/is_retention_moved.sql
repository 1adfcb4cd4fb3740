-- Whether a cut, after < position <= upto, says of any project that its detail ends later. Nearly always it does not.
--
-- With a search path of its own, so that its plan is kept: what works in its caller's, as log.move_retention() does, is planned anew each time
-- that this changes, from one projection to the next, which costs more than to read the cut.
CREATE OR REPLACE FUNCTION log.is_retention_moved(shard integer, after bigint, upto bigint) RETURNS boolean
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN EXISTS (
    SELECT FROM log.retention_of_cut(is_retention_moved.shard, is_retention_moved.after, is_retention_moved.upto));
END
$$;
