-- Test events that an account may track in a calendar month (UTC), by its tier, as events mean it for good that name the tier and say
-- nothing of test events: account_opened and tier_changed of version 1. Whose tier can't be told may track what Free could.
--
-- No copy of the table of tiers (Sources/Domain/Account/Tier.swift), which may change: what these events said then does not.
CREATE OR REPLACE FUNCTION log.test_quota(tier text) RETURNS bigint
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
  SELECT (CASE test_quota.tier WHEN 'business' THEN 50000 WHEN 'pro' THEN 10000 ELSE 1000 END)::bigint
$$;
