-- Compares two queries row for row on all columns, and says in words what differs, for at most `most` rows. `key` names the
-- columns that tell one row from another, so that a changed row is told as one change and not as two rows.
CREATE OR REPLACE FUNCTION projector.compare(live text, replayed text, key text[], most integer)
RETURNS TABLE (rows bigint, differing bigint, differences text[])
LANGUAGE plpgsql
STABLE
AS $$
DECLARE
  columns text := (SELECT string_agg(format('%I', k), ', ') FROM unnest(compare.key) AS k);
BEGIN
  RETURN QUERY EXECUTE format($compare$
    WITH live AS (%1$s), replayed AS (%2$s),
    only_live AS MATERIALIZED (TABLE live EXCEPT ALL TABLE replayed),
    only_replayed AS MATERIALIZED (TABLE replayed EXCEPT ALL TABLE live),
    pairs AS MATERIALIZED (
      SELECT to_jsonb(l) AS live, to_jsonb(r) AS replayed
      FROM only_live AS l FULL JOIN only_replayed AS r USING (%3$s)
      ORDER BY %3$s
    )
    SELECT (SELECT count(*) FROM live), (SELECT count(*) FROM pairs),
      ARRAY(SELECT projector.difference(p.live, p.replayed, $1) FROM pairs AS p LIMIT $2)
    $compare$, compare.live, compare.replayed, columns)
  USING compare.key, compare.most;
END
$$;
