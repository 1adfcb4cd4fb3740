-- A project's saved views, by name.
--   $1 integer  shard
--   $2 uuid     project
SELECT v.view_id, v.name, v.query, v.saved_by, v.saved_at
FROM notes.views AS v
WHERE v.shard = $1::integer AND v.project_id = $2::uuid
ORDER BY v.name, v.view_id
