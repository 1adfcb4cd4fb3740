-- Moves the meters by what a minute's tallies say was refused: the units of an append of nothing but intake_tallied. Part of
-- log.append().
CREATE OR REPLACE FUNCTION log.remember_tallies(shard integer, units text[]) RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
BEGIN
  INSERT INTO log.meters AS m (shard, account_id, month, used, quota, refused, mode)
  SELECT remember_tallies.shard, t.account_id, t.month, 0,
    coalesce(log.quota_of(t.mode, t.month, q.terms), 0), t.refused, t.mode
  FROM (
    SELECT u.account_id, u.month, u.mode, sum((u.data -> 0 ->> 'refused')::bigint) AS refused
    FROM unnest(remember_tallies.units) AS g (unit)
    CROSS JOIN LATERAL jsonb_to_record(g.unit::jsonb) AS u (account_id uuid, month text, mode text, data jsonb)
    GROUP BY u.account_id, u.month, u.mode
    HAVING sum((u.data -> 0 ->> 'refused')::bigint) > 0
  ) AS t
  LEFT JOIN log.quotas AS q ON q.shard = remember_tallies.shard AND q.account_id = t.account_id
  ORDER BY t.account_id, t.month, t.mode
  ON CONFLICT (shard, account_id, month, mode) DO UPDATE SET refused = m.refused + excluded.refused;
END
$$;
