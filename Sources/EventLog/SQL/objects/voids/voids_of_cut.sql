-- The voids that matter to a cut: known, and reaching into it; or news.
CREATE OR REPLACE FUNCTION log.voids_of_cut(shard integer, after bigint, upto bigint, foresight bigint)
RETURNS TABLE (
  project_id uuid, mode text, "from" bigint, "to" bigint, upto_position bigint, is_news boolean,
  first_day bigint, last_day bigint -- since 1970, UTC
)
LANGUAGE sql
STABLE
AS $$
  SELECT v.project_id, v.mode, v."from", v."to", v.upto_position,
    v.position > greatest(voids_of_cut.after, voids_of_cut.foresight),
    v."from" / 86400000, (v."to" - 1) / 86400000
  FROM log.voids AS v
  WHERE v.shard = voids_of_cut.shard AND v.position <= greatest(voids_of_cut.upto, voids_of_cut.foresight)
    AND (v.upto_position > voids_of_cut.after OR v.position > greatest(voids_of_cut.after, voids_of_cut.foresight))
$$;
