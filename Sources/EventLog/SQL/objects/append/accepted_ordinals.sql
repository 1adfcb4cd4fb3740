-- The ordinals that this append accepts of a unit.
CREATE OR REPLACE FUNCTION log.accepted_ordinals(d log.decision) RETURNS int4multirange
LANGUAGE sql
IMMUTABLE
AS $$
  SELECT range_agg(int4range(o, o, '[]')) FROM unnest((log.candidate_ordinals(d))[: (d).accepted]) AS o
$$;
