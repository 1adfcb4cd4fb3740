-- How each read model does, for people. `seconds_behind` is the age of the oldest event that it does not know of yet.
CREATE OR REPLACE VIEW projector.status AS
SELECT c.projection, c.shard, c.position, h.last_position AS head, h.last_position - c.position AS behind,
  coalesce(greatest(0, extract(epoch FROM clock_timestamp() - n.recorded_at)), 0)::double precision AS seconds_behind,
  c.status, c.error, c.applied_at
FROM projector.checkpoints AS c
JOIN log.heads AS h ON h.shard = c.shard
LEFT JOIN LATERAL (
  SELECT least((
    -- Of an archived month: about, when the frame that holds it was recorded.
    SELECT f.recorded_to
    FROM log.archive_frames AS f
    WHERE f.shard = c.shard AND f.last_position > c.position
    ORDER BY f.last_position
    LIMIT 1
  ), (
    SELECT b.recorded_at
    FROM log.batches AS b
    WHERE b.shard = c.shard AND b.last_position > c.position
    ORDER BY b.last_position
    LIMIT 1
  )) AS recorded_at
) AS n ON true;
