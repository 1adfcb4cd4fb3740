-- What after < position <= upto adds to an account's usage of a month, live or test, and what it takes away: requests by day of
-- recording (UTC), project and key, told apart by whether they were recorded after a moment; voids one by one, which take
-- requests out of what counts, and out of what the quota has used only where they give it back.
CREATE OR REPLACE FUNCTION log.usage_pieces(
  shard integer, after bigint, upto bigint, account_id uuid, mode text, month text, shown_at timestamptz
)
RETURNS TABLE (
  day text, is_late boolean, project_id uuid, key_id uuid, void_id uuid, reason text, gives_back_quota boolean, events bigint,
  first_position bigint, last_position bigint
)
LANGUAGE sql
STABLE
AS $$
  WITH units AS MATERIALIZED (
    SELECT u.type, u.position, u.event_count, u.recorded_at, u.project_id, u.key_id,
      CASE WHEN u.type = 'telemetry_voided' THEN u.data END AS data
    FROM log.read_units(usage_pieces.shard, usage_pieces.after, usage_pieces.upto) AS u
    WHERE u.account_id = usage_pieces.account_id
      AND (u.type = 'request_tracked' AND u.mode = usage_pieces.mode AND u.month = usage_pieces.month
        OR u.type = 'telemetry_voided')
  )
  SELECT to_char(u.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD'), u.recorded_at > usage_pieces.shown_at, u.project_id,
    u.key_id, NULL::uuid, NULL::text, NULL::boolean, sum(u.event_count)::bigint, min(u.position), max(u.position + u.event_count - 1)
  FROM units AS u
  WHERE u.type = 'request_tracked'
  GROUP BY 1, 2, 3, 4
  UNION ALL
  SELECT to_char(u.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD'), u.recorded_at > usage_pieces.shown_at, u.project_id,
    c.key_id, (u.data -> 0 ->> 'void_id')::uuid, u.data -> 0 ->> 'reason', c.given_back > 0, -c.events, u.position, u.position
  FROM units AS u
  CROSS JOIN LATERAL log.counts_of_void(u.type, u.data) AS c
  WHERE c.mode = usage_pieces.mode AND c.month = usage_pieces.month
$$;
