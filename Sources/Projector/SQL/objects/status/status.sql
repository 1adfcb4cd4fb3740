-- How each read model does, for people. `seconds_behind` is the age of the oldest event that it does not know of yet.
CREATE OR REPLACE VIEW projector.status AS
SELECT p.projection, p.shard, p.position, h.last_position AS head, h.last_position - p.position AS behind,
  coalesce(greatest(0, extract(epoch FROM clock_timestamp() - n.recorded_at)), 0)::double precision AS seconds_behind,
  p.status, p.error, p.applied_at
FROM projector.progress AS p
JOIN log.heads AS h ON h.shard = p.shard
LEFT JOIN LATERAL (
  SELECT least((
    -- Of an archived month: about, when the frame that holds it was recorded.
    SELECT f.recorded_to
    FROM log.archive_frames AS f
    WHERE f.shard = p.shard AND f.last_position > p.position
    ORDER BY f.last_position
    LIMIT 1
  ), (
    SELECT b.recorded_at
    FROM log.batches AS b
    WHERE b.shard = p.shard AND b.last_position > p.position
    ORDER BY b.last_position
    LIMIT 1
  )) AS recorded_at
) AS n ON true;
