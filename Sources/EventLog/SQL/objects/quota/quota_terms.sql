-- What an event says of its account's quota (see log.quota_of), from its position on; NULL where it says nothing. `data` as
-- log.read_units() has it, of the current version.
--
-- Any domain event does that carries `monthly_quota`, such as account_opened, or `granted_quota`. Each takes the place of what events before
-- it said under the same names and leaves the rest: terms || later terms. Where it names no quota of test events, it is of a version
-- whose tiers meant what log.test_quota() says.
--
-- Nearly every event says nothing of it: in PL/pgSQL that is a look at two names, where a function in SQL with a query inside sets all of it up
-- at each call.
CREATE OR REPLACE FUNCTION log.quota_terms(stream text, data jsonb) RETURNS jsonb
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
AS $$
DECLARE
  event jsonb := data -> 0;
BEGIN
  IF stream IS NULL THEN
    RETURN NULL;
  END IF;
  IF event ? 'monthly_quota' THEN
    RETURN jsonb_build_object('test_quota', log.test_quota(event ->> 'tier'))
      || log.members(event, ARRAY['monthly_quota', 'test_quota', 'month', 'month_quota', 'month_test_quota']);
  END IF;
  IF event ? 'granted_quota' THEN
    RETURN jsonb_build_object('until', NULL)
      || log.members(event, ARRAY['granted_quota', 'granted_test_quota', 'until'])
      || CASE WHEN event ->> 'month' IS NOT NULL
        THEN log.members(event, ARRAY['month', 'month_quota', 'month_test_quota']) ELSE '{}' END;
  END IF;
  RETURN NULL;
END
$$;
