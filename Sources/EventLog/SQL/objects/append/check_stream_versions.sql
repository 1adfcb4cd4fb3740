-- Optimistic concurrency (promise 4): each domain event of the append must take the version right after its stream's last.
CREATE OR REPLACE FUNCTION log.check_stream_versions(shard integer, controls jsonb) RETURNS void
LANGUAGE plpgsql
STABLE
AS $$
DECLARE
  stale record;
BEGIN
  SELECT g.stream, g.stream_version, g.k + coalesce(v.version, 0) AS expected INTO stale
  FROM (
    SELECT c.stream, c.stream_version, row_number() OVER (PARTITION BY c.stream ORDER BY u.k) AS k
    FROM jsonb_array_elements(check_stream_versions.controls) WITH ORDINALITY AS u (control, k)
    CROSS JOIN LATERAL jsonb_to_record(u.control) AS c (stream text, stream_version integer)
    WHERE u.control ? 'stream'
  ) AS g
  LEFT JOIN LATERAL (
    SELECT s.version FROM log.stream_versions AS s
    WHERE s.shard = check_stream_versions.shard AND s.stream = g.stream
    ORDER BY s.version DESC
    LIMIT 1
  ) AS v ON true
  WHERE g.stream_version <> g.k + coalesce(v.version, 0)
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'RC409',
      MESSAGE = format('stream %s is not at the expected version: its next is %s, the append brought %s',
        stale.stream, stale.expected, stale.stream_version);
  END IF;
END
$$;
