-- The keys and shared links that a project ever had, and who made each: a member, or NULL for the operator.
CREATE OR REPLACE FUNCTION operations.given_out(shard integer, stream text)
RETURNS TABLE (type text, id uuid, actor_id uuid)
LANGUAGE sql
STABLE
AS $$
  SELECT e.unit ->> 'type',
    (e.unit -> 'data' -> 0 ->> CASE e.unit ->> 'type' WHEN 'key_issued' THEN 'key_id' ELSE 'link_id' END)::uuid,
    (e.unit ->> 'actor_id')::uuid
  FROM log.stream_versions AS v
  CROSS JOIN LATERAL (
    -- Of an archived month: kept for whoever reads a stream.
    SELECT a.unit
    FROM log.archived_streams AS a
    WHERE a.shard = v.shard AND a.position = v.position
    UNION ALL
    SELECT u
    FROM (
      -- The first batch that ends at or after the position is the one that holds it.
      SELECT c.events
      FROM log.batches AS c
      WHERE c.shard = v.shard AND c.last_position >= v.position
      ORDER BY c.last_position
      LIMIT 1
    ) AS b
    CROSS JOIN LATERAL jsonb_array_elements(b.events) AS u
    WHERE (u ->> 'position')::bigint = v.position
    LIMIT 1 -- found in the archive, the batches are not looked at
  ) AS e
  WHERE v.shard = given_out.shard AND v.stream = given_out.stream AND e.unit ->> 'type' IN ('key_issued', 'link_shared')
$$;
