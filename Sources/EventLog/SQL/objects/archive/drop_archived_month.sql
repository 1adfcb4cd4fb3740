-- Lets a month of batches go for the archive files that hold it, all in one transaction: notes the files, keeps the domain events,
-- drops the partition. Returns what the partition took, in bytes.
--
-- The archiver's right alone (promise 1), and not on its word: it refuses unless the month is long over and the oldest in the
-- database, everybody has taken it in (log.archive_laggards) and the Merkle tree has, and the files' positions and hashes are the partition's
-- (log.archive_difference). That the files hold what those hashes say, the archiver has verified by reading them back.
--
-- SECURITY DEFINER: nobody else may drop a partition. Errors: RC420 refused, with the reason; RC421 the log was being read all
-- the time.
CREATE OR REPLACE FUNCTION log.drop_archived_month(month date, files jsonb)
RETURNS bigint
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  name text := to_char(drop_archived_month.month, 'YYYY-MM');
  held record;
  reason text;
  patience timestamptz;
BEGIN
  SELECT m.* INTO held FROM log.months_held() AS m LIMIT 1;
  reason := CASE
    WHEN held.month IS DISTINCT FROM drop_archived_month.month
      THEN format('the oldest month in the database is %s: months are archived in order', to_char(held.month, 'YYYY-MM'))
    -- A day, since a clock that is set back could have it go on.
    WHEN now() < (held.month + interval '1 month 1 day') AT TIME ZONE 'UTC' THEN 'it is not over since a day'
    WHEN EXISTS (SELECT FROM log.archived_months AS a WHERE a.month >= held.month)
      THEN 'it, or a later month, has been archived already'
  END;
  IF reason IS NULL THEN
    -- From here on the month is as it is until we are done.
    EXECUTE format('LOCK TABLE %s IN SHARE MODE', held.partition);
    reason := coalesce(
      (SELECT l.laggard FROM log.archive_laggards(held.month) AS l LIMIT 1),
      -- A leaf can't be added once its batch is gone.
      (SELECT format('the Merkle tree of shard %s does not hold it', m.shard)
      FROM log.month_shards(held.month) AS m
      WHERE NOT EXISTS (
        SELECT FROM log.tree AS t WHERE t.shard = m.shard AND t.level = 0 AND t.last_position = m.last_position)
      LIMIT 1),
      log.archive_difference(held.month, drop_archived_month.files));
  END IF;
  IF reason IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'RC420', MESSAGE = format('month %s stays in the database: %s', name, reason);
  END IF;

  INSERT INTO log.archived_streams (shard, position, recorded_at, unit)
  SELECT b.shard, (u ->> 'position')::bigint, b.recorded_at, u
  FROM log.batches AS b, jsonb_array_elements(b.events) AS u
  WHERE b.recorded_at >= held.month::timestamp AT TIME ZONE 'UTC'
    AND b.recorded_at < (held.month + interval '1 month') AT TIME ZONE 'UTC' AND u ? 'stream';
  INSERT INTO log.archived_months (month, archived_at, database_bytes) VALUES (held.month, clock_timestamp(), held.bytes);
  INSERT INTO log.archives (
    month, shard, first_position, last_position, batches, hash_before, last_hash, recorded_from, recorded_to,
    file, bytes, text_bytes, sha256)
  SELECT held.month, f.shard, f.first_position, f.last_position, f.batches, decode(f.hash_before, 'hex'),
    decode(f.last_hash, 'hex'), m.recorded_from, m.recorded_to, f.file, f.bytes, f.text_bytes, decode(f.sha256, 'hex')
  FROM jsonb_to_recordset(drop_archived_month.files) AS f (
    shard integer, first_position bigint, last_position bigint, batches bigint, hash_before text, last_hash text,
    file text, bytes bigint, text_bytes bigint, sha256 text)
  JOIN log.month_shards(held.month) AS m ON m.shard = f.shard;
  INSERT INTO log.archive_frames (shard, last_position, first_position, month, start, bytes, last_hash, recorded_to)
  SELECT f.shard, r.last_position, r.first_position, held.month, r.start, r.bytes, b.hash, b.recorded_at
  FROM jsonb_to_recordset(drop_archived_month.files) AS f (shard integer, frames jsonb)
  CROSS JOIN LATERAL jsonb_to_recordset(f.frames) AS r (
    start bigint, bytes bigint, first_position bigint, last_position bigint)
  JOIN log.batches AS b ON b.shard = f.shard AND b.last_position = r.last_position
    AND b.recorded_at >= held.month::timestamp AT TIME ZONE 'UTC'
    AND b.recorded_at < (held.month + interval '1 month') AT TIME ZONE 'UTC';

  -- Dropping a partition locks the whole table. Who waits for that lock holds up everybody who comes after, appends too: so
  -- it is asked for in short tries. The other lock is held by who reads the log in more than one statement (LogWalk.swift).
  PERFORM set_config('lock_timeout', '100ms', true);
  patience := clock_timestamp() + interval '60 seconds';
  LOOP
    BEGIN
      PERFORM pg_advisory_xact_lock(hashtext('recount archive'));
      LOCK TABLE log.batches IN ACCESS EXCLUSIVE MODE;
      EXIT;
    EXCEPTION WHEN lock_not_available THEN
      IF clock_timestamp() > patience THEN
        RAISE EXCEPTION USING ERRCODE = 'RC421',
          MESSAGE = format('month %s stays in the database: the log was being read for a minute without a pause', name);
      END IF;
      PERFORM pg_sleep(0.2);
    END;
  END LOOP;
  EXECUTE format('DROP TABLE %s', held.partition);
  RETURN held.bytes;
END
$$;
