-- What the log says about meters, added up (log.meter_facts).
CREATE TABLE facts (
  shard integer NOT NULL,
  account_id uuid NOT NULL,
  month text NOT NULL,
  mode text NOT NULL,
  quota_position bigint NOT NULL,
  terms jsonb,
  first_position bigint,
  used bigint NOT NULL,
  refused bigint NOT NULL,
  threshold_quotas bigint[] NOT NULL,
  exceeded_quotas bigint[] NOT NULL,
  PRIMARY KEY (shard, account_id, month, mode, quota_position)
);

-- The meters that follow: what log.meters must be.
CREATE VIEW meters AS
SELECT m.*
FROM (
  SELECT f.shard, array_agg((
    f.account_id, f.month, f.mode, f.quota_position, f.terms, f.first_position, f.used, f.refused, f.threshold_quotas,
    f.exceeded_quotas)::log.meter_fact) AS facts
  FROM facts AS f
  GROUP BY f.shard
) AS s, log.fold_meters(s.shard, s.facts) AS m;
