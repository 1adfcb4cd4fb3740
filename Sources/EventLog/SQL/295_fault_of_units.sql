-- What is wrong within a batch that its hash does not tell, for whoever rewrites the log can also write its hashes anew; NULL
-- when it holds as many events as its positions say, each unit where the one before ended, and each domain event at the
-- version of its stream that log.stream_versions gives it.
CREATE OR REPLACE FUNCTION log.fault_of_units(shard integer, first_position bigint, last_position bigint, events jsonb)
RETURNS text
LANGUAGE sql
STABLE
AS $$
  WITH units AS (
    SELECT
      (u ->> 'position')::bigint AS "position",
      jsonb_array_length(u -> 'data') AS event_count,
      u ->> 'stream' AS stream,
      (u ->> 'stream_version')::integer AS stream_version,
      k
    FROM jsonb_array_elements(fault_of_units.events) WITH ORDINALITY AS e (u, k)
  ), placed AS (
    SELECT p.*,
      fault_of_units.first_position + sum(p.event_count) OVER (ORDER BY p.k) - p.event_count AS due
    FROM units AS p
  ), judged AS (
    SELECT sum(p.event_count) AS held,
      bool_and(p.position = p.due) AS in_order,
      min(p.position) FILTER (WHERE p.stream IS NOT NULL AND NOT EXISTS (
        SELECT FROM log.stream_versions AS v
        WHERE v.shard = fault_of_units.shard AND v.stream = p.stream AND v.version = p.stream_version
          AND v.position = p.position)) AS unversioned
    FROM placed AS p
  )
  SELECT CASE
    WHEN j.held IS DISTINCT FROM fault_of_units.last_position - fault_of_units.first_position + 1
      THEN 'it does not hold as many events as its positions say'
    WHEN NOT coalesce(j.in_order, false) THEN 'its events do not stand at the positions that they name'
    WHEN j.unversioned IS NOT NULL THEN format(
      'the event at position %s bears a version of its stream that was not given to it', j.unversioned)
  END
  FROM judged AS j
$$;
