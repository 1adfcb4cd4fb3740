-- What is wrong within a batch that its hash does not tell, for whoever rewrites the log can also write its hashes anew; NULL
-- when it holds as many events as its positions say, each unit where the one before ended, each domain event at the version
-- of its stream that log.stream_versions gives it, and each void as log.voids has it.
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
      CASE WHEN u ->> 'type' = 'telemetry_voided' THEN u -> 'data' -> 0 END AS void,
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
          AND v.position = p.position)) AS unversioned,
      count(p.void) AS voids,
      min(p.position) FILTER (WHERE p.void IS NOT NULL AND NOT EXISTS (
        SELECT FROM log.voids AS v
        WHERE v.shard = fault_of_units.shard AND v.position = p.position AND v.void_id::text = p.void ->> 'void_id'
          AND v.project_id::text = p.void ->> 'project_id' AND v.mode = p.void ->> 'mode'
          AND v."from" = (p.void ->> 'from')::bigint AND v."to" = (p.void ->> 'to')::bigint
          AND v.upto_position = (p.void ->> 'upto_position')::bigint)) AS unknown_void
    FROM placed AS p
  )
  SELECT CASE
    WHEN j.held IS DISTINCT FROM fault_of_units.last_position - fault_of_units.first_position + 1
      THEN 'it does not hold as many events as its positions say'
    WHEN NOT coalesce(j.in_order, false) THEN 'its events do not stand at the positions that they name'
    WHEN j.unversioned IS NOT NULL THEN format(
      'the event at position %s bears a version of its stream that was not given to it', j.unversioned)
    WHEN j.unknown_void IS NOT NULL THEN format(
      'the void at position %s is missing from log.voids, or another there', j.unknown_void)
    -- A row too many would take requests out of the numbers without an event that says so.
    WHEN j.voids <> (
      SELECT count(*) FROM log.voids AS v
      WHERE v.shard = fault_of_units.shard
        AND v.position BETWEEN fault_of_units.first_position AND fault_of_units.last_position)
      THEN 'log.voids knows of a void in it that it does not hold'
  END
  FROM judged AS j
$$;
