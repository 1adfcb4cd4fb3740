-- The numbers of both, each once and in order.
CREATE OR REPLACE FUNCTION log.either(one bigint[], other bigint[]) RETURNS bigint[]
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
  SELECT ARRAY(SELECT n FROM unnest(either.one || either.other) AS n GROUP BY n ORDER BY n)
$$;
