-- An account's quota is made of more than one number: what it pays for, what it was granted and until when, and what the month of the last
-- change keeps. And a crossing is recorded once for each quota of a month, no longer once a month. Which were, of older logs, the
-- migration adds in this same transaction (OldMeters.swift), since it can read archived months.
ALTER TABLE log.quotas ADD COLUMN terms jsonb; -- as log.quota_terms() takes them from the account's events, of each the last
UPDATE log.quotas SET terms = jsonb_build_object('monthly_quota', monthly_quota, 'test_quota', test_quota);
ALTER TABLE log.quotas ALTER COLUMN terms SET NOT NULL, DROP COLUMN monthly_quota, DROP COLUMN test_quota;

ALTER TABLE log.meters
  ADD COLUMN threshold_quotas bigint[] NOT NULL DEFAULT '{}', -- those of which quota_threshold_reached stands in the log, in order
  ADD COLUMN exceeded_quotas bigint[] NOT NULL DEFAULT '{}', -- those of which quota_exceeded does
  DROP COLUMN threshold_reached,
  DROP COLUMN exceeded;
