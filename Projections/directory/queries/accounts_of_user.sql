-- A page of the accounts that a person may act for, by id, on every shard: one person may belong to several.
--   $1 uuid     user
--   $2 uuid     the last account of the page before, or NULL
--   $3 integer  rows
SELECT a.account_id, a.tier, a.monthly_quota, a.opened_at, a.closed_at, m.role,
  -- By name: a read model of the release before has no such columns, and goes on answering until it has been rebuilt.
  to_jsonb(a) ->> 'name' AS name, to_jsonb(a) ->> 'granted_tier' AS granted_tier, (to_jsonb(a) ->> 'granted_quota')::bigint AS granted_quota,
  (to_jsonb(a) ->> 'granted_until')::timestamptz AS granted_until, coalesce((to_jsonb(a) ->> 'is_demo')::boolean, false) AS is_demo,
  -- Whether the directory has come to all that happened to the account: where it has not, the account decides who is a member.
  coalesce(
    (SELECT d.position FROM projector.as_of('directory', a.shard) AS d) >= (
      SELECT v.position FROM log.stream_versions AS v
      WHERE v.shard = a.shard AND v.stream = 'account-' || a.account_id ORDER BY v.version DESC LIMIT 1),
    false) AS is_current
FROM directory.members AS m
JOIN directory.accounts AS a ON a.shard = m.shard AND a.account_id = m.account_id
WHERE m.user_id = $1::uuid AND ($2::uuid IS NULL OR m.account_id > $2::uuid)
ORDER BY m.account_id
LIMIT $3::integer
