-- A unit's text reduced to its accepted events, which then no longer stand at their index: their ordinals are stored.
CREATE OR REPLACE FUNCTION log.reduce_unit(unit text, d log.decision) RETURNS text
LANGUAGE sql
IMMUTABLE
AS $$
  WITH kept AS (
    SELECT o FROM unnest((log.candidate_ordinals(d))[: (d).accepted]) AS o
  ), events AS (
    SELECT coalesce((d).ordinals[k], (k - 1)::integer) AS ordinal, event
    FROM jsonb_array_elements(unit::jsonb -> 'data') WITH ORDINALITY AS e (event, k)
  )
  SELECT (unit::jsonb || jsonb_build_object(
    'ordinals', jsonb_agg(e.ordinal ORDER BY e.ordinal), 'data', jsonb_agg(e.event ORDER BY e.ordinal)))::text
  FROM events AS e JOIN kept ON kept.o = e.ordinal
$$;
