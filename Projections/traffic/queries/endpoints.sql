-- The endpoints of a project in a range, most called first.
--   $1 integer      shard
--   $2 uuid         project
--   $3 text         mode: live or test
--   $4 timestamptz  from, inclusive } hours that the range only touches
--   $5 timestamptz  to, exclusive   } are taken whole
--   $6 integer      limit
--   $7 bigint       calls    } of the last row of the page before; all NULL for the first page
--   $8 text         method   }
--   $9 text         template }
WITH rows_in_range AS MATERIALIZED (
  SELECT e.*
  FROM traffic.pieces(
    date_trunc('hour', $4::timestamptz, 'UTC'),
    date_trunc('hour', $5::timestamptz + interval '3599.999999 seconds', 'UTC')) AS p
  JOIN traffic.endpoints AS e
    ON e.shard = $1::integer AND e.project_id = $2::uuid AND e.mode = $3::text AND e.grain = p.grain
    AND e.at >= p."from" AND e.at < p."to"
), page AS (
  SELECT r.method, r.template, sum(r.calls)::bigint AS calls,
    sum(r.errors_4xx)::bigint AS errors_4xx, sum(r.errors_5xx)::bigint AS errors_5xx,
    sum(r.response_time_ms_sum) AS response_time_ms_sum, max(r.response_time_ms_max) AS response_time_ms_max
  FROM rows_in_range AS r
  GROUP BY r.method, r.template
  HAVING $7::bigint IS NULL OR (-sum(r.calls), r.method, r.template) > (-$7::bigint, $8::text, $9::text)
  ORDER BY sum(r.calls) DESC, r.method, r.template
  LIMIT $6::integer
), histograms AS (
  -- Only the page's histograms are merged: that is where the time goes.
  SELECT s.method, s.template,
    array_agg(s.bucket ORDER BY s.bucket) AS buckets, array_agg(s.hits ORDER BY s.bucket) AS counts
  FROM (
    SELECT r.method, r.template, h.bucket, sum(h.hits)::bigint AS hits
    FROM rows_in_range AS r
    JOIN page AS g ON g.method = r.method AND g.template = r.template
    CROSS JOIN LATERAL unnest(r.buckets, r.counts) AS h (bucket, hits)
    GROUP BY r.method, r.template, h.bucket
  ) AS s
  GROUP BY s.method, s.template
)
SELECT g.method, g.template, g.calls AS total_calls, g.response_time_ms_sum / g.calls AS average_response_time_ms,
  p.p50, p.p95, p.p99, g.response_time_ms_max, g.errors_4xx, g.errors_5xx
FROM page AS g
JOIN histograms AS h ON h.method = g.method AND h.template = g.template
CROSS JOIN LATERAL traffic.percentiles(h.buckets, h.counts, g.response_time_ms_max) AS p
ORDER BY g.calls DESC, g.method, g.template
