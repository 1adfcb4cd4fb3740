-- The first thing that the database keeps of an archived stretch, at after < position <= upto, that is not as the archive has it: the copy of
-- a domain event, which deciders load, or a leaf of the Merkle tree; no row when all are. For stretches that the transaction has at
-- hand.
CREATE OR REPLACE FUNCTION log.first_bad_copy(shard integer, after bigint, upto bigint)
RETURNS TABLE (first_position bigint, last_position bigint, reason text)
LANGUAGE sql
STABLE
AS $$
  WITH archived AS (
    SELECT (u ->> 'position')::bigint AS position, b.recorded_at, u AS unit
    FROM log.batches_at_hand AS b, jsonb_array_elements(b.events) AS u
    WHERE b.shard = first_bad_copy.shard
      AND b.last_position > first_bad_copy.after AND b.last_position <= first_bad_copy.upto AND u ? 'stream'
  ), kept AS (
    SELECT s.position, s.recorded_at, s.unit
    FROM log.archived_streams AS s
    WHERE s.shard = first_bad_copy.shard AND s.position > first_bad_copy.after AND s.position <= first_bad_copy.upto
  )
  SELECT coalesce(a.position, k.position) AS first_position, coalesce(a.position, k.position),
    CASE
      WHEN k.position IS NULL THEN 'the archive holds this event, but its copy in log.archived_streams is gone'
      WHEN a.position IS NULL THEN 'log.archived_streams holds an event here that the archive does not'
      ELSE 'the copy of this event in log.archived_streams is not what the archive holds'
    END
  FROM archived AS a
  FULL JOIN kept AS k ON k.position = a.position
  WHERE (a.unit, a.recorded_at) IS DISTINCT FROM (k.unit, k.recorded_at)
  UNION ALL
  SELECT coalesce(b.first_position, t.last_position), coalesce(b.last_position, t.last_position),
    'the Merkle tree has another leaf here than the archive holds'
  FROM (
    SELECT h.first_position, h.last_position, h.hash
    FROM log.batches_at_hand AS h
    WHERE h.shard = first_bad_copy.shard
      AND h.last_position > first_bad_copy.after AND h.last_position <= first_bad_copy.upto
  ) AS b
  FULL JOIN (
    SELECT l.last_position, l.hash
    FROM log.tree AS l
    WHERE l.shard = first_bad_copy.shard AND l.level = 0
      AND l.last_position > first_bad_copy.after AND l.last_position <= first_bad_copy.upto
  ) AS t ON t.last_position = b.last_position
  WHERE b.hash IS DISTINCT FROM t.hash
  ORDER BY 1
  LIMIT 1
$$;
