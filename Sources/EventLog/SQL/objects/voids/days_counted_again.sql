-- The days (UTC) of a project and mode of which a void that comes with a cut takes something: to be forgotten, before log.read_counted()
-- gives them anew. Whole days, since neither a maximum nor what was pushed out of a window can be taken back.
CREATE OR REPLACE FUNCTION log.days_counted_again(shard integer, after bigint, upto bigint, foresight bigint)
RETURNS TABLE (project_id uuid, mode text, "from" timestamptz, "to" timestamptz)
LANGUAGE sql
STABLE
ROWS 1
AS $$
  SELECT v.project_id, v.mode, to_timestamp(v.first_day * 86400), to_timestamp((v.last_day + 1) * 86400)
  FROM log.voids_of_cut(
    days_counted_again.shard, days_counted_again.after, days_counted_again.upto, days_counted_again.foresight) AS v
  WHERE v.is_news
$$;
