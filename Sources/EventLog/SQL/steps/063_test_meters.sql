-- In a database of a release that metered live events alone: test events get meters and a quota of their own. What its log says of
-- them is added by the migration in this same transaction (OldMeters.swift), which can read archived months.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'log.quotas'::regclass AND attname = 'test_quota') THEN
    ALTER TABLE log.quotas ADD COLUMN test_quota bigint NOT NULL DEFAULT 1000 CHECK (test_quota >= 0); -- what Free may
    ALTER TABLE log.quotas ALTER COLUMN test_quota DROP DEFAULT;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'log.meters'::regclass AND attname = 'mode') THEN
    ALTER TABLE log.meters ADD COLUMN mode text NOT NULL DEFAULT 'live' CHECK (mode IN ('live', 'test'));
    ALTER TABLE log.meters DROP CONSTRAINT meters_pkey, ADD PRIMARY KEY (shard, account_id, month, mode);
  END IF;
END
$$;
