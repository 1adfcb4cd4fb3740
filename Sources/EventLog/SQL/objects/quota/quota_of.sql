-- The quota of a month, from the terms that its account has (log.quota_terms): the highest of what it pays for, what it was granted, and
-- what the month of the last change keeps. NULL where none was ever set: such an account may use nothing.
--
-- A function of nothing but the month: so a grant ends without an event, and whoever recounts comes to the same. One that ends within
-- a month counts for all of it. The same in Swift: Sources/Domain/Account/AccountQuota.swift.
CREATE OR REPLACE FUNCTION log.quota_of(mode text, month text, terms jsonb) RETURNS bigint
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
  SELECT CASE quota_of.mode
    WHEN 'live' THEN greatest(
      (quota_of.terms ->> 'monthly_quota')::bigint,
      CASE WHEN g.counts THEN (quota_of.terms ->> 'granted_quota')::bigint END,
      CASE WHEN quota_of.terms ->> 'month' >= quota_of.month THEN (quota_of.terms ->> 'month_quota')::bigint END)
    WHEN 'test' THEN greatest(
      (quota_of.terms ->> 'test_quota')::bigint,
      CASE WHEN g.counts THEN (quota_of.terms ->> 'granted_test_quota')::bigint END,
      CASE WHEN quota_of.terms ->> 'month' >= quota_of.month THEN (quota_of.terms ->> 'month_test_quota')::bigint END)
  END
  FROM (
    SELECT coalesce((quota_of.terms ->> 'until')::bigint > 1000 * extract(epoch FROM make_timestamp(
      left(quota_of.month, 4)::integer, right(quota_of.month, 2)::integer, 1, 0, 0, 0)), true)
  ) AS g (counts)
$$;
