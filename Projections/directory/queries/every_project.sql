-- All projects of a shard, archived ones included, page by page.
--   $1 integer  shard
--   $2 uuid     project of the last row of the page before; NULL for the first page
--   $3 integer  limit
SELECT p.project_id, p.account_id
FROM directory.projects AS p
WHERE p.shard = $1::integer AND ($2::uuid IS NULL OR p.project_id > $2::uuid)
ORDER BY p.project_id
LIMIT $3::integer
