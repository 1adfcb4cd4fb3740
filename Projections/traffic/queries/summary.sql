-- A range of a project's traffic in one row; without calls the counts are 0 and the times NULL.
--   $1 integer      shard
--   $2 uuid         project
--   $3 text         mode: live or test
--   $4 timestamptz  from, inclusive } minutes that the range only touches are taken whole; where only daily
--   $5 timestamptz  to, exclusive   } totals are kept still, days are
WITH span AS (
  SELECT
    CASE WHEN $4::timestamptz < r.before THEN date_trunc('day', $4::timestamptz, 'UTC') ELSE $4::timestamptz END AS "from",
    CASE
      WHEN $5::timestamptz < r.before THEN date_trunc('day', $5::timestamptz + interval '1 day - 1 microsecond', 'UTC')
      ELSE $5::timestamptz
    END AS "to"
  FROM (SELECT max(k.before) AS before FROM traffic.retention AS k WHERE k.shard = $1::integer AND k.project_id = $2::uuid) AS r
), rows_in_range AS MATERIALIZED (
  SELECT t.*
  FROM span AS n
  CROSS JOIN LATERAL traffic.pieces(n."from", n."to") AS p
  JOIN traffic.timeline AS t
    ON t.shard = $1::integer AND t.project_id = $2::uuid AND t.mode = $3::text AND t.grain = p.grain
    AND t.at >= p."from" AND t.at < p."to"
), totals AS (
  SELECT coalesce(sum(r.calls), 0)::bigint AS total_calls,
    coalesce(sum(r.errors_4xx), 0)::bigint AS errors_4xx,
    coalesce(sum(r.errors_5xx), 0)::bigint AS errors_5xx,
    sum(r.response_time_ms_sum) AS response_time_ms_sum,
    max(r.response_time_ms_max) AS response_time_ms_max
  FROM rows_in_range AS r
), histogram AS (
  SELECT array_agg(s.bucket ORDER BY s.bucket) AS buckets, array_agg(s.hits ORDER BY s.bucket) AS counts
  FROM (
    SELECT h.bucket, sum(h.hits)::bigint AS hits
    FROM rows_in_range AS r CROSS JOIN LATERAL unnest(r.buckets, r.counts) AS h (bucket, hits)
    GROUP BY h.bucket
  ) AS s
)
SELECT t.total_calls, t.response_time_ms_sum / nullif(t.total_calls, 0) AS average_response_time_ms,
  p.p50, p.p95, p.p99, t.response_time_ms_max, t.errors_4xx, t.errors_5xx
FROM totals AS t
CROSS JOIN histogram AS h
CROSS JOIN LATERAL traffic.percentiles(h.buckets, h.counts, t.response_time_ms_max) AS p
