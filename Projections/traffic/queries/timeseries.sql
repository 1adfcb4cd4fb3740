-- A range of a project's traffic as points, one per interval, in order; quiet ones have calls 0 and times NULL. Minutes and hours
-- that are no longer kept are left out: nobody shall take them for quiet ones.
--   $1 integer      shard
--   $2 uuid         project
--   $3 text         mode: live or test
--   $4 text         interval: minute, hour or day (UTC)
--   $5 timestamptz  from, inclusive: the first point is the interval that holds it
--   $6 timestamptz  to, exclusive
SELECT s.at, coalesce(t.calls, 0) AS total_calls, t.response_time_ms_sum / t.calls AS average_response_time_ms,
  p.p50, p.p95, p.p99, t.response_time_ms_max,
  coalesce(t.errors_4xx, 0) AS errors_4xx, coalesce(t.errors_5xx, 0) AS errors_5xx
FROM generate_series(
  greatest(
    date_trunc($4::text, $5::timestamptz, 'UTC'),
    (SELECT r.before FROM traffic.retention AS r
      WHERE r.shard = $1::integer AND r.project_id = $2::uuid AND $4::text <> 'day')),
  $6::timestamptz - interval '1 microsecond', ('1 ' || $4::text)::interval
) AS s (at)
LEFT JOIN traffic.timeline AS t
  ON t.shard = $1::integer AND t.project_id = $2::uuid AND t.mode = $3::text AND t.grain = $4::text AND t.at = s.at
LEFT JOIN LATERAL traffic.percentiles(t.buckets, t.counts, t.response_time_ms_max) AS p ON true
ORDER BY s.at
