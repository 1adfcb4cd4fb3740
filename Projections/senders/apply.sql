-- The calls of each sender in the cut, taken in one after the other. Nearly all of the log is telemetry, of which nothing is unfolded.
WITH units AS MATERIALIZED (
  SELECT u.position, u.recorded_at, u.type, u.project_id, u.key_id, u.mode, u.data -> 0 AS data
  FROM log.read_units($1, $2, $3) AS u
  WHERE u.type IN ('sender_heard', 'retention_applied')
), applied AS MATERIALIZED (
  SELECT u.project_id, u.position, to_timestamp((u.data ->> 'before')::bigint / 1000) AS "before"
  FROM units AS u
  WHERE u.type = 'retention_applied'
), calls AS (
  SELECT u.*, (u.data ->> 'sender_id')::uuid AS sender_id,
    lag(u.position, 1, $2) OVER (PARTITION BY u.project_id, u.mode, u.data ->> 'sender_id' ORDER BY u.position) AS earlier
  FROM units AS u
  WHERE u.type = 'sender_heard'
), by_sender AS (
  SELECT c.project_id, c.mode, c.sender_id, array_agg(
    ROW(
      c.recorded_at, c.key_id, (c.data ->> 'sequence')::bigint, (c.data ->> 'events')::bigint, (c.data ->> 'dropped')::bigint,
      greatest(
        log.detail_from($1, c.project_id),
        (SELECT max(a.before) FROM applied AS a WHERE a.project_id = c.project_id AND a.position < c.position)),
      (SELECT max(a.before) FROM applied AS a
        WHERE a.project_id = c.project_id AND a.position < c.position AND a.position > c.earlier))::heard
    ORDER BY c.position) AS calls
  FROM calls AS c
  GROUP BY c.project_id, c.mode, c.sender_id
)
INSERT INTO senders AS o
SELECT m.*
FROM by_sender AS b
LEFT JOIN senders AS s ON s.shard = $1 AND s.project_id = b.project_id AND s.mode = b.mode AND s.sender_id = b.sender_id
CROSS JOIN LATERAL move_sender(s, $1, b.project_id, b.mode, b.sender_id, b.calls) AS m
ON CONFLICT (shard, project_id, mode, sender_id) DO UPDATE
SET key_id = excluded.key_id,
  first_sequence = excluded.first_sequence,
  last_sequence = excluded.last_sequence,
  here = excluded.here,
  events = excluded.events,
  dropped = excluded.dropped,
  first_seen = excluded.first_seen,
  last_seen = excluded.last_seen,
  gap_firsts = excluded.gap_firsts,
  gap_lasts = excluded.gap_lasts,
  gap_times = excluded.gap_times,
  untold = excluded.untold,
  untold_upto = excluded.untold_upto;

-- Where detail comes to begin in this cut, for the cuts after it.
SELECT forget_senders($1, $2, $3);
