-- Test events that an account may track in a calendar month (UTC), by its tier: what account_opened and tier_changed of version 1,
-- which name the tier and say nothing of test events, mean by it for good. Whose tier can't be told may track what Free may.
--
-- The numbers stand in Domain, too (Tier.testQuota), and a test holds the two against each other.
CREATE OR REPLACE FUNCTION log.test_quota(tier text) RETURNS bigint
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
  SELECT (CASE test_quota.tier WHEN 'business' THEN 50000 WHEN 'pro' THEN 10000 ELSE 1000 END)::bigint
$$;
