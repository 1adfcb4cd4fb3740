-- Lifts facts of an old version to the current one, for log.upcast(). One WHEN per released old version, each lifting straight to the
-- current version.
--
-- Nearly every fact is of the current version: in PL/pgSQL that is a comparison or two, where a function in SQL with queries inside sets all
-- of them up at each call.
CREATE OR REPLACE FUNCTION log.upcast_fact(type text, version integer, data jsonb) RETURNS jsonb
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
AS $$
BEGIN
  CASE
    -- Version 1 knew neither test keys nor scopes, and no key expired: every key was live and could do everything for good.
    WHEN type = 'key_issued' AND version = 1 THEN
      RETURN (
        SELECT jsonb_agg('{"mode": "live", "scopes": ["track", "read"], "expires_at": null}'::jsonb || e.event ORDER BY e.k)
        FROM jsonb_array_elements(data) WITH ORDINALITY AS e (event, k));
    -- In version 2 no key expired.
    WHEN type = 'key_issued' AND version = 2 THEN
      RETURN (
        SELECT jsonb_agg('{"expires_at": null}'::jsonb || e.event ORDER BY e.k)
        FROM jsonb_array_elements(data) WITH ORDINALITY AS e (event, k));
    -- In version 1 every void gave its place under the quota back.
    WHEN type = 'telemetry_voided' AND version = 1 THEN
      RETURN (
        SELECT jsonb_agg('{"gives_back_quota": true}'::jsonb || e.event ORDER BY e.k)
        FROM jsonb_array_elements(data) WITH ORDINALITY AS e (event, k));
    -- In version 1 no call was throttled; up to version 2 nothing says why an event was invalid.
    WHEN type = 'intake_tallied' AND version < 3 THEN
      RETURN (
        SELECT jsonb_agg('{"throttled": 0, "malformed": 0, "outside_window": 0, "id_conflicts": 0}'::jsonb || e.event ORDER BY e.k)
        FROM jsonb_array_elements(data) WITH ORDINALITY AS e (event, k));
    -- In version 1 a quota counted at once, up and down, for the month it was set in and those to come.
    WHEN type = 'tier_changed' AND version = 1 THEN
      RETURN (
        SELECT jsonb_agg('{"cause": "operator", "month": null, "month_quota": null, "month_test_quota": null}'::jsonb
          || jsonb_build_object('test_quota', log.test_quota(e.event ->> 'tier')) || e.event ORDER BY e.k)
        FROM jsonb_array_elements(data) WITH ORDINALITY AS e (event, k));
    -- In version 1 rates alone were granted.
    WHEN type = 'account_granted' AND version = 1 THEN
      RETURN (
        SELECT jsonb_agg(
          '{"granted_quota": 0, "granted_test_quota": 0, "month": null, "month_quota": null, "month_test_quota": null}'::jsonb
          || e.event ORDER BY e.k)
        FROM jsonb_array_elements(data) WITH ORDINALITY AS e (event, k));
    ELSE
      RETURN data;
  END CASE;
END
$$;
