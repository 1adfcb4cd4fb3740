-- Returns when everything that was committed before the call is on disk (and on the synchronous standbys, where there are
-- any). Appends commit with synchronous_commit off, so that a shard's head lock is not held while the disk turns; each is
-- acknowledged only after such a flush, one for all appends of all shards that came in meanwhile (promise 8).
--
-- The message itself is nothing: what counts is that this transaction writes WAL, commits with synchronous_commit on, and that
-- the WAL is flushed in order.
CREATE OR REPLACE FUNCTION log.flush() RETURNS void
LANGUAGE sql
VOLATILE
AS $$
  -- Whatever the database or the role is set to; stricter settings, such as remote_apply, stay.
  SELECT set_config('synchronous_commit',
    CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, true);
  SELECT pg_logical_emit_message(true, 'recount', '')
$$;
