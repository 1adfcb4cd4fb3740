-- For projectors of the last release, as long as they may run: log.next_cut().
CREATE OR REPLACE FUNCTION projector.next_cut(shard integer, after bigint, most bigint)
RETURNS TABLE (upto bigint, hash bytea, recorded_at timestamptz, is_whole boolean)
LANGUAGE sql
STABLE
AS $$
  SELECT c.* FROM log.next_cut(next_cut.shard, next_cut.after, next_cut.most) AS c
$$;
