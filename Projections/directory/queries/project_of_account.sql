-- Whether an account has a project, archived ones included: a row, or none for a project that isn't there and for one of another account.
--   $1 integer  shard
--   $2 uuid     account
--   $3 uuid     project
SELECT p.project_id
FROM directory.projects AS p
WHERE p.shard = $1::integer AND p.account_id = $2::uuid AND p.project_id = $3::uuid
