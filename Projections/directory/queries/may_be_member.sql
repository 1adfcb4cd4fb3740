-- Whether a person may be a member of an account: they are, or the directory has not come to what happened to the account last, which then
-- decides itself. One row, found the same way for an account that isn't there and for one that is somebody else's.
--   $1 integer  shard
--   $2 uuid     account
--   $3 uuid     user
SELECT
  EXISTS (
    SELECT FROM directory.members AS m
    WHERE m.shard = $1::integer AND m.account_id = $2::uuid AND m.user_id = $3::uuid)
  OR coalesce(
    (SELECT v.position FROM log.stream_versions AS v
      WHERE v.shard = $1::integer AND v.stream = 'account-' || $2::uuid ORDER BY v.version DESC LIMIT 1)
    > coalesce((SELECT d.position FROM projector.as_of('directory', $1::integer) AS d), 0),
    false) AS may_be
