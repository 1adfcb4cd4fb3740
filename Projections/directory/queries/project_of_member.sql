-- Where a project is that a person may see; no row for one that isn't there and, found the same way, for one of somebody else's account.
-- On every shard, since a project's id does not tell its account. Where the directory has not come to the project, account_id is NULL;
-- where it has not come to what happened to the account last, the account itself decides.
--   $1 uuid  project
--   $2 uuid  user
SELECT v.shard, p.account_id
FROM log.heads AS h
JOIN log.stream_versions AS v ON v.shard = h.shard AND v.stream = 'project-' || $1::uuid AND v.version = 1
LEFT JOIN directory.projects AS p ON p.shard = v.shard AND p.project_id = $1::uuid
LEFT JOIN directory.members AS m ON m.shard = p.shard AND m.account_id = p.account_id AND m.user_id = $2::uuid
WHERE p.project_id IS NULL OR m.user_id IS NOT NULL
  OR (SELECT n.position FROM log.stream_versions AS n
      WHERE n.shard = v.shard AND n.stream = 'account-' || p.account_id ORDER BY n.version DESC LIMIT 1)
    > coalesce((SELECT d.position FROM projector.as_of('directory', v.shard) AS d), 0)
