-- How many events of a unit had been accepted before.
CREATE OR REPLACE FUNCTION log.duplicates(d log.decision) RETURNS integer
LANGUAGE sql
IMMUTABLE
AS $$
  SELECT CASE
    WHEN NOT (d).seen THEN 0
    ELSE (d).given - (d).candidates
      + (SELECT count(*)::integer FROM unnest((d).outside) AS o WHERE coalesce(o <@ (d).seen_accepted, true))
  END
$$;
