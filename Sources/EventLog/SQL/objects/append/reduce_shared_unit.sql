-- A unit that single events share, reduced to those that were accepted, in order.
CREATE OR REPLACE FUNCTION log.reduce_shared_unit(unit text, accepted boolean[]) RETURNS text
LANGUAGE sql
IMMUTABLE
AS $$
  WITH kept AS (
    SELECT k, event, unit::jsonb -> 'event_ids' -> (k - 1)::integer AS id
    FROM jsonb_array_elements(unit::jsonb -> 'data') WITH ORDINALITY AS e (event, k)
    WHERE accepted[k]
  )
  SELECT (unit::jsonb
    || CASE WHEN unit::jsonb ? 'event_ids' THEN jsonb_build_object('event_ids', jsonb_agg(k.id ORDER BY k.k)) ELSE '{}' END
    || jsonb_build_object('data', jsonb_agg(k.event ORDER BY k.k)))::text
  FROM kept AS k
$$;
