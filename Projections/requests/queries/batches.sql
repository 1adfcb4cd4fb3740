-- Where requests of a project lie in the log, the latest quarter of an hour first, and of a quarter the latest batches.
--   $1 integer      shard
--   $2 uuid         project
--   $3 text         mode: live or test
--   $4 timestamptz  the first quarter
--   $5 timestamptz  at    } of the row after which the next ones come
--   $6 integer      part  }
--   $7 integer      limit
SELECT b.at, b.part, b.places
FROM requests.batches AS b
WHERE b.shard = $1::integer AND b.project_id = $2::uuid AND b.mode = $3::text
  AND b.at >= $4::timestamptz AND (b.at, b.part) < ($5::timestamptz, $6::integer)
ORDER BY b.at DESC, b.part DESC
LIMIT $7::integer
