-- For `recount replay --as-of` of the last release, as long as that may run: log.moment().
CREATE OR REPLACE FUNCTION projector.moment(shard integer, "time" timestamptz, upto bigint)
RETURNS TABLE ("position" bigint, hash bytea, recorded_at timestamptz)
LANGUAGE sql
STABLE
AS $$
  SELECT m.* FROM log.moment(moment.shard, moment."time", moment.upto) AS m
$$;
