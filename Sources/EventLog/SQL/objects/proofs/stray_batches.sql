-- What the walk along the heads can't see: shards that have no head, batches that no head reaches, and copies of domain events
-- where nothing has been archived, which deciders would load instead of the log's. A log has a head for each
-- of its shards from its creation on, and every append moves its head in the transaction that writes its batch.
CREATE OR REPLACE FUNCTION log.stray_batches()
RETURNS TABLE (shard integer, first_position bigint, last_position bigint, reason text)
LANGUAGE sql
STABLE
AS $$
  SELECT s.shard, 0::bigint, 0::bigint, 'the log was created with this shard, but its head is gone'
  FROM (SELECT generate_series(0, x.shards - 1) AS shard FROM log.settings AS x) AS s
  WHERE NOT EXISTS (SELECT FROM log.heads AS h WHERE h.shard = s.shard)
  UNION ALL
  SELECT b.shard, min(b.first_position), max(b.last_position),
    'there are events that the head of their shard does not know of: the head was set back, or they did not come in by an append'
  FROM log.batches AS b
  LEFT JOIN log.heads AS h ON h.shard = b.shard
  WHERE b.last_position > coalesce(h.last_position, 0)
  GROUP BY b.shard
  UNION ALL
  SELECT s.shard, min(s.position), max(s.position),
    'log.archived_streams holds events at positions that have not been archived'
  FROM log.archived_streams AS s
  WHERE s.position > coalesce((SELECT max(a.last_position) FROM log.archives AS a WHERE a.shard = s.shard), 0)
  GROUP BY s.shard
  ORDER BY 1
$$;
