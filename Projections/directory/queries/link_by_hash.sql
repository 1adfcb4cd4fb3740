-- What the token of a shared link shows; no row for one that was never shared. On every shard, since the token does not tell its account.
--   $1 text  hex SHA-256 of the whole token
SELECT l.shard, l.link_id, l.mode, jsonb_build_array(l.filters) AS filters, l.expires_at, l.revoked_at,
  p.project_id, p.account_id, p.name, p.created_at, p.archived_at, a.is_demo, a.closed_at,
  -- Whether the directory has come to all that happened to project and account: where it has not, they decide themselves.
  coalesce(
    (SELECT d.position FROM projector.as_of('directory', l.shard) AS d) >= greatest(
      (SELECT v.position FROM log.stream_versions AS v
        WHERE v.shard = l.shard AND v.stream = 'project-' || l.project_id ORDER BY v.version DESC LIMIT 1),
      (SELECT v.position FROM log.stream_versions AS v
        WHERE v.shard = l.shard AND v.stream = 'account-' || l.account_id ORDER BY v.version DESC LIMIT 1)),
    false) AS is_current
FROM directory.links AS l
JOIN directory.projects AS p ON p.shard = l.shard AND p.project_id = l.project_id
JOIN directory.accounts AS a ON a.shard = l.shard AND a.account_id = l.account_id
WHERE l.hash = $1::text
