-- The archive's frame in which a moment of a shard lies, by its first position: the last batch recorded at or before a time, and ending
-- at or before a position, is in it, or ends the frame before it. No row when the database holds what follows the moment, or nobody.
CREATE OR REPLACE FUNCTION log.frame_around(shard integer, "time" timestamptz, upto bigint)
RETURNS TABLE (first_position bigint)
LANGUAGE sql
STABLE
AS $$
  SELECT f.first_position
  FROM log.archive_frames AS f
  WHERE f.shard = frame_around.shard AND (f.recorded_to > frame_around."time" OR f.last_position > frame_around.upto)
  ORDER BY f.last_position
  LIMIT 1
$$;
