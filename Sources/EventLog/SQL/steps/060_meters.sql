-- The monthly quotas of each account as its own events last set them (any that carries `monthly_quota`, such as account_opened; the
-- one of test events follows from the tier that the same event names: log.test_quota).
CREATE TABLE IF NOT EXISTS log.quotas (
  shard integer NOT NULL,
  account_id uuid NOT NULL,
  monthly_quota bigint NOT NULL CHECK (monthly_quota >= 0),
  test_quota bigint NOT NULL CHECK (test_quota >= 0),
  PRIMARY KEY (shard, account_id)
);

-- An account's month of usage, live and test apart. Decided upon and moved by the append alone, in its transaction (promise 5); like
-- all else it can be recounted from the log: log.recount_meters().
CREATE TABLE IF NOT EXISTS log.meters (
  shard integer NOT NULL,
  account_id uuid NOT NULL,
  month text NOT NULL CHECK (month ~ '^\d{4}-\d\d$'), -- UTC, by the events' timestamps
  used bigint NOT NULL CHECK (used >= 0),
  quota bigint NOT NULL,
  refused bigint NOT NULL CHECK (refused >= 0),
  threshold_reached boolean NOT NULL, -- quota_threshold_reached stands in the log; of live events alone
  exceeded boolean NOT NULL, -- quota_exceeded stands in the log; of live events alone
  mode text NOT NULL DEFAULT 'live' CHECK (mode IN ('live', 'test')),
  PRIMARY KEY (shard, account_id, month, mode)
) WITH (fillfactor = 70); -- updated by every append: HOT, no index on an updated column
