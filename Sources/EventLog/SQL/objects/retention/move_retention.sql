-- Moves table `retention` of the projection at work (log.create_retention) by what a cut says, and answers the projects whose detail
-- ends later from here on: theirs is to be forgotten before `before`. To be called before the cut's own events are counted, which then
-- ask log.detail_from(). Nearly always there are none.
CREATE OR REPLACE FUNCTION log.move_retention(shard integer, after bigint, upto bigint)
RETURNS TABLE (project_id uuid, "before" timestamptz)
LANGUAGE plpgsql
ROWS 1
AS $$
#variable_conflict use_column
BEGIN
  IF NOT log.is_retention_moved(move_retention.shard, move_retention.after, move_retention.upto) THEN
    RETURN;
  END IF;
  RETURN QUERY
  INSERT INTO retention AS r (shard, project_id, before)
  SELECT move_retention.shard, c.project_id, c.before
  FROM log.retention_of_cut(move_retention.shard, move_retention.after, move_retention.upto) AS c
  ON CONFLICT ON CONSTRAINT retention_pkey DO UPDATE SET before = excluded.before WHERE r.before < excluded.before
  RETURNING r.project_id, r.before;
END
$$;
