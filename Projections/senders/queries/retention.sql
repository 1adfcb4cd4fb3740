-- Where a project's detail begins; no row while all of it is kept.
--   $1 integer  shard
--   $2 uuid     project
SELECT r.before AS detail_from
FROM senders.retention AS r
WHERE r.shard = $1::integer AND r.project_id = $2::uuid
