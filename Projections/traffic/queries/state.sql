-- What an answer about a span would be made of: how far along the log it is, from when on detail is kept, and a version of the span's days
-- (UTC), which every request that is counted, voided or forgotten changes; and whatever builds the read model anew. One round trip.
-- No row while the read model is being built for the first time.
--   $1 integer      shard
--   $2 uuid         project
--   $3 text         mode: live or test
--   $4 timestamptz  from, inclusive: a day's beginning
--   $5 timestamptz  to, exclusive: one's end
SELECT a.position, a.recorded_at, a.log_position, r.before AS detail_from,
  (
    -- Which transaction wrote a row, and where it lies: PostgreSQL changes them with every change of a row.
    SELECT sha256(convert_to(coalesce(string_agg(d.xmin || ' ' || d.ctid, ',' ORDER BY d.at), ''), 'UTF8'))
    FROM traffic.days AS d
    WHERE d.shard = $1::integer AND d.project_id = $2::uuid AND d.mode = $3::text
      AND d.at >= $4::timestamptz AND d.at < $5::timestamptz
  ) AS version
FROM projector.as_of('traffic', $1::integer) AS a
LEFT JOIN traffic.retention AS r ON r.shard = $1::integer AND r.project_id = $2::uuid
