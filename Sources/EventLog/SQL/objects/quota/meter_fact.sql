-- What a stretch of a shard's log says about an account's meters, reduced to what log.fold_meters() needs of it. Facts of stretches
-- that follow one another are added up, so that meters can be recounted however the log is cut, archived months included.
CREATE TYPE log.meter_fact AS (
  account_id uuid, month text,
  mode text, -- live or test; 'both' of what was said of the quota
  quota_position bigint, -- where something was said of the account's quota; 0: a sum of usage; -1: a sum of what was given back, negative
  terms jsonb, -- what was said of it (log.quota_terms), in the month it was recorded in
  first_position bigint, -- where the month was first used; NULL: not in this stretch
  used bigint, refused bigint, threshold_quotas bigint[], exceeded_quotas bigint[]
);
