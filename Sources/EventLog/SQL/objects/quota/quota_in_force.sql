-- The quota of a meter, from all that was ever said of its account's quota: that of the last event that holds for it, and of what those
-- before it said of the rest. 0 where none does. What an append does step by step (log.decide, log.move_quotas), for whoever counts
-- afterwards.
CREATE OR REPLACE FUNCTION log.quota_in_force(
  mode text, month text, first_position bigint, settings log.quota_setting[]
) RETURNS bigint
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
  SELECT coalesce(log.quota_of(quota_in_force.mode, quota_in_force.month, jsonb_object_agg(t.key, t.value ORDER BY s.position)), 0)
  FROM unnest(quota_in_force.settings) AS s
  CROSS JOIN LATERAL jsonb_each(s.terms) AS t
  WHERE s.position <= (
    SELECT max(h.position)
    FROM unnest(quota_in_force.settings) AS h
    WHERE log.holds_for(h.position, h.month, quota_in_force.month, quota_in_force.first_position))
$$;
