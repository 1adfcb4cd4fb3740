-- The meters of a shard as the batches at hand give them, up to a position. `recount replay --check`, which goes through the archive
-- as well, adds up the facts itself (Sources/Projector/Recounts/meters).
CREATE OR REPLACE FUNCTION log.recount_meters(shard integer, upto bigint)
RETURNS TABLE (
  shard integer, account_id uuid, month text, used bigint, quota bigint, refused bigint,
  mode text, threshold_quotas bigint[], exceeded_quotas bigint[]
)
LANGUAGE sql
STABLE
AS $$
  SELECT m.*
  FROM log.fold_meters(
    recount_meters.shard,
    ARRAY(SELECT f FROM log.meter_facts(recount_meters.shard, 0, recount_meters.upto) AS f)) AS m
$$;
