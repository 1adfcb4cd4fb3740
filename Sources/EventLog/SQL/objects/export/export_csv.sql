-- Tracked requests as rows of RFC 4180, in order of position. The columns stand in Sources/EventLog/Export/ExportFormat.swift.
CREATE OR REPLACE FUNCTION log.export_csv(
  shard integer, after bigint, upto bigint,
  account_id uuid, project_id uuid, recorded_from timestamptz, recorded_before timestamptz
)
RETURNS TABLE (line text)
LANGUAGE sql
STABLE
AS $$
  -- Materialized: what the events of a unit share is written once for all of them.
  WITH units AS MATERIALIZED (
    SELECT u.shard, u.position, u.data,
      format('%s,%s,%s,%s,%s', u.account_id, u.project_id, u.key_id, u.mode, u.month) AS shared,
      to_char(u.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS recorded_at
    FROM log.export_units(
      export_csv.shard, export_csv.after, export_csv.upto, export_csv.account_id, export_csv.project_id,
      export_csv.recorded_from, export_csv.recorded_before, 'request_tracked') AS u
  )
  SELECT format(
    E'%s,%s,%s,%s,%s,%s,%s,%s,%s,%s\r',
    u.shard, u.position + e.k - 1, u.shared,
    to_char(
      to_timestamp((e.event ->> 'timestamp')::bigint / 1000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    e.event ->> 'method', log.csv_field(e.event ->> 'endpoint'), log.csv_field(e.event ->> 'template'),
    e.event ->> 'status_code', e.event ->> 'response_time_ms', u.recorded_at)
  FROM units AS u, jsonb_array_elements(u.data) WITH ORDINALITY AS e (event, k)
  ORDER BY u.position, e.k
$$;
