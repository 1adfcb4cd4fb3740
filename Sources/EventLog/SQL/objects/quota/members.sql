-- An object reduced to some of its members.
CREATE OR REPLACE FUNCTION log.members(object jsonb, names text[]) RETURNS jsonb
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
  SELECT coalesce(jsonb_object_agg(m.key, m.value), '{}')
  FROM jsonb_each(members.object) AS m
  WHERE m.key = ANY (members.names)
$$;
