-- What an event says of its account's quota (see log.quota_of), from its position on; NULL where it says nothing. `data` as
-- log.read_units() has it, of the current version.
--
-- Any domain event does that carries `monthly_quota`, such as account_opened, or `granted_quota`. Each takes the place of what events before
-- it said under the same names and leaves the rest: terms || later terms. Where it names no quota of test events, it is of a version
-- whose tiers meant what log.test_quota() says.
CREATE OR REPLACE FUNCTION log.quota_terms(stream text, data jsonb) RETURNS jsonb
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
  SELECT CASE WHEN quota_terms.stream IS NULL THEN NULL
    WHEN e.event ? 'monthly_quota' THEN jsonb_build_object('test_quota', log.test_quota(e.event ->> 'tier'))
      || log.members(e.event, ARRAY['monthly_quota', 'test_quota', 'month', 'month_quota', 'month_test_quota'])
    WHEN e.event ? 'granted_quota' THEN jsonb_build_object('until', NULL)
      || log.members(e.event, ARRAY['granted_quota', 'granted_test_quota', 'until'])
      || CASE WHEN e.event ->> 'month' IS NOT NULL
        THEN log.members(e.event, ARRAY['month', 'month_quota', 'month_test_quota']) ELSE '{}' END
  END
  FROM (SELECT quota_terms.data -> 0) AS e (event)
$$;
