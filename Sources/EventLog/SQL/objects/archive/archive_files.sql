-- An archived month's files as its manifest has them: to be held against the manifest, and the files against both.
CREATE OR REPLACE FUNCTION log.archive_files(month date)
RETURNS jsonb
LANGUAGE sql
STABLE
AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_object(
    'shard', a.shard, 'file', a.file, 'bytes', a.bytes, 'text_bytes', a.text_bytes, 'sha256', encode(a.sha256, 'hex'),
    'first_position', a.first_position, 'last_position', a.last_position, 'batches', a.batches,
    'events', a.last_position - a.first_position + 1,
    'hash_before', encode(a.hash_before, 'hex'), 'last_hash', encode(a.last_hash, 'hex'),
    'recorded_from_us', (extract(epoch FROM a.recorded_from) * 1000000)::bigint,
    'recorded_to_us', (extract(epoch FROM a.recorded_to) * 1000000)::bigint,
    'frames', (
      SELECT jsonb_agg(jsonb_build_object(
        'start', f.start, 'bytes', f.bytes, 'first_position', f.first_position, 'last_position', f.last_position,
        'last_hash', encode(f.last_hash, 'hex'), 'recorded_to_us', (extract(epoch FROM f.recorded_to) * 1000000)::bigint)
        ORDER BY f.start)
      FROM log.archive_frames AS f
      WHERE f.month = a.month AND f.shard = a.shard)
  ) ORDER BY a.shard), '[]')
  FROM log.archives AS a
  WHERE a.month = archive_files.month
$$;
