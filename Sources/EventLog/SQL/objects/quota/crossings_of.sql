-- The crossings that a live meter's new number makes due: units without a position, for the append that brought it. The last two say of which
-- quotas the month has one already.
CREATE OR REPLACE FUNCTION log.crossings_of(
  account_id uuid, month text, used bigint, quota bigint, threshold_quotas bigint[], exceeded_quotas bigint[]
) RETURNS SETOF jsonb
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
ROWS 2
AS $$
  SELECT jsonb_build_object(
    'type', c.crossing, 'version', 1, 'account_id', crossings_of.account_id, 'month', crossings_of.month,
    'data', jsonb_build_array(jsonb_build_object(
      'used', crossings_of.used, 'limit', crossings_of.quota, 'percent', log.quota_percent(c.crossing))))
  FROM (
    VALUES ('quota_threshold_reached', crossings_of.threshold_quotas), ('quota_exceeded', crossings_of.exceeded_quotas)
  ) AS c (crossing, recorded)
  WHERE log.is_crossed(c.crossing, 'live', crossings_of.used, crossings_of.quota)
    AND NOT coalesce(crossings_of.quota = ANY (c.recorded), false)
$$;
