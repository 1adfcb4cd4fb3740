-- What an append's domain events say of their accounts' quotas, as one for each account: of two the later counts. See log.quota_terms().
CREATE OR REPLACE FUNCTION log.terms_said(controls jsonb, units text[], decided log.decision[])
RETURNS TABLE (account_id uuid, terms jsonb)
LANGUAGE sql
STABLE
AS $$
  SELECT d.account_id, jsonb_object_agg(t.key, t.value ORDER BY d.unit)
  FROM unnest(terms_said.decided) AS d
  CROSS JOIN LATERAL (SELECT terms_said.units[d.unit]::jsonb AS unit) AS u
  CROSS JOIN LATERAL jsonb_each(log.quota_terms(
    terms_said.controls -> (d.unit - 1) ->> 'stream',
    log.upcast(u.unit ->> 'type', (u.unit ->> 'version')::integer, u.unit -> 'data'))) AS t
  WHERE d.accepted > 0
  GROUP BY d.account_id
$$;
