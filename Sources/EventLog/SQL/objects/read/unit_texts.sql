-- The data of each unit as text, after < position <= upto, as it was recorded and not lifted to the current version: it must match
-- the schema that it names. In no particular order.
CREATE OR REPLACE FUNCTION log.unit_texts(shard integer, after bigint, upto bigint)
RETURNS TABLE ("position" bigint, type text, version integer, data text)
LANGUAGE sql
STABLE
AS $$
  SELECT u.position, u.type, u.version, (u.unit -> 'data')::text
  FROM log.read_units(unit_texts.shard, unit_texts.after, unit_texts.upto) AS u
$$;
