-- The monthly quota of each account as its own events last set it (any that carries `monthly_quota`, such as account_opened).
CREATE TABLE IF NOT EXISTS log.quotas (
  shard integer NOT NULL,
  account_id uuid NOT NULL,
  monthly_quota bigint NOT NULL CHECK (monthly_quota >= 0),
  PRIMARY KEY (shard, account_id)
);

-- An account's month of usage. Decided upon and moved by the append alone, in its transaction (promise 5); like all else
-- it can be recounted from the log: log.recount_meters().
CREATE TABLE IF NOT EXISTS log.meters (
  shard integer NOT NULL,
  account_id uuid NOT NULL,
  month text NOT NULL CHECK (month ~ '^\d{4}-\d\d$'), -- UTC, by the events' timestamps
  used bigint NOT NULL CHECK (used >= 0),
  quota bigint NOT NULL,
  refused bigint NOT NULL CHECK (refused >= 0),
  threshold_reached boolean NOT NULL, -- quota_threshold_reached stands in the log
  exceeded boolean NOT NULL, -- quota_exceeded stands in the log
  PRIMARY KEY (shard, account_id, month)
) WITH (fillfactor = 70); -- updated by every append: HOT, no index on an updated column
