-- The ordinals of a unit's events that have not been accepted before, in order.
CREATE OR REPLACE FUNCTION log.candidate_ordinals(d log.decision) RETURNS integer[]
LANGUAGE sql
IMMUTABLE
AS $$
  SELECT array_agg(o ORDER BY o)
  FROM unnest(coalesce((d).ordinals, ARRAY(SELECT generate_series(0, (d).given - 1)))) AS o
  WHERE NOT coalesce(o <@ (d).seen_accepted, (d).seen)
$$;
