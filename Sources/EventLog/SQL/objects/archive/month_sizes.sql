-- Every month of the log in order, where it is and what it takes: in the database, indexes included (of an archived month, what it
-- took there), in archive files, and as the plain text that is in them.
CREATE OR REPLACE FUNCTION log.month_sizes()
RETURNS TABLE (
  month text, is_archived boolean, events bigint, database_bytes bigint, archive_bytes bigint, text_bytes bigint
)
LANGUAGE sql
STABLE
AS $$
  SELECT to_char(m.month, 'YYYY-MM'), true, coalesce(sum(a.last_position - a.first_position + 1), 0)::bigint, m.database_bytes,
    coalesce(sum(a.bytes), 0)::bigint, coalesce(sum(a.text_bytes), 0)::bigint
  FROM log.archived_months AS m
  LEFT JOIN log.archives AS a ON a.month = m.month
  GROUP BY m.month
  UNION ALL
  SELECT to_char(h.month, 'YYYY-MM'), false, coalesce(sum(s.last_position - s.first_position + 1), 0)::bigint, h.bytes,
    NULL, NULL
  FROM log.months_held() AS h
  LEFT JOIN LATERAL log.month_shards(h.month) AS s ON true
  GROUP BY h.month, h.bytes
  ORDER BY 1, 2 DESC
$$;
