-- What a presented key opens; no row for a key never issued. On every shard, since the key does not tell its account.
--   $1 text  hex SHA-256 of the whole key
SELECT k.shard, k.key_id, k.project_id, k.account_id, k.mode, k.scopes, k.expires_at, k.revoked_at, k.retires_at,
  p.archived_at, a.closed_at, a.tier,
  -- By name: a read model of the release before has no such columns, and goes on answering until it has been rebuilt.
  to_jsonb(a) ->> 'granted_tier' AS granted_tier,
  (to_jsonb(a) ->> 'granted_requests_per_second')::bigint AS granted_requests_per_second,
  (to_jsonb(a) ->> 'granted_bytes_per_second')::bigint AS granted_bytes_per_second,
  (to_jsonb(a) ->> 'granted_until')::timestamptz AS granted_until,
  -- Whether the directory has come to all that happened to project and account: where it has not, they decide themselves.
  coalesce(
    (SELECT d.position FROM projector.as_of('directory', k.shard) AS d) >= greatest(
      (SELECT v.position FROM log.stream_versions AS v
        WHERE v.shard = k.shard AND v.stream = 'project-' || k.project_id ORDER BY v.version DESC LIMIT 1),
      (SELECT v.position FROM log.stream_versions AS v
        WHERE v.shard = k.shard AND v.stream = 'account-' || k.account_id ORDER BY v.version DESC LIMIT 1)),
    false) AS is_current
FROM directory.keys AS k
LEFT JOIN directory.projects AS p ON p.shard = k.shard AND p.project_id = k.project_id
LEFT JOIN directory.accounts AS a ON a.shard = k.shard AND a.account_id = k.account_id
WHERE k.hash = $1::text
