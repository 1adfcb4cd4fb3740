-- Schema `operations` as the release of 2026-11-26 made it: its files, one after another.

-- What the server keeps to do its work: throttles, what reactors have done, what the schedule has run. Not facts, so not in the
-- log: without it nothing that is shown changes, at worst a mail is sent again.
CREATE SCHEMA IF NOT EXISTS operations;

-- How often somebody has tried lately, by action and by address, client or both, and until when they must wait. Shared by all
-- servers, so that more servers don't mean more guesses. Unlogged: after a crash of the database everybody starts afresh.
--
-- Times are milliseconds since 1970 by the servers' clock, which tests set.
CREATE UNLOGGED TABLE IF NOT EXISTS operations.throttles (
  key text PRIMARY KEY, -- action, and a digest of the address or client
  attempts integer NOT NULL,
  blocked_until bigint NOT NULL,
  last_attempt bigint NOT NULL
) WITH (fillfactor = 70);
ALTER TABLE operations.throttles
  ADD COLUMN IF NOT EXISTS subject text, -- digest of the address whose new password makes the row void; NULL: none does
  ADD COLUMN IF NOT EXISTS day_start bigint NOT NULL DEFAULT 0, -- of the day that is being counted
  ADD COLUMN IF NOT EXISTS day_attempts integer NOT NULL DEFAULT 0;
CREATE INDEX IF NOT EXISTS throttles_last_attempt ON operations.throttles (last_attempt);
CREATE INDEX IF NOT EXISTS throttles_subject ON operations.throttles (subject) WHERE subject IS NOT NULL;

-- Takes an attempt against all of these keys or against none. Answers the milliseconds to wait when one of them is blocked; 0 when
-- the attempt is taken, in which case the next may have to wait: after so many free ones first its base wait, then twice as long
-- each time, up to its longest. Beyond the most a day allows, until the day is over. -1 free ones: any number, and -1 most likewise.
-- A key that has been quiet for a day starts afresh.
--
-- Keys are looked at in their order, which is the same in all calls, so that two attempts never wait for each other; after the first
-- that is blocked no other gets a row: a client that is turned away leaves nothing behind, however many addresses it makes up.
DROP FUNCTION IF EXISTS operations.take_attempt(text[], integer[], bigint, bigint, bigint, bigint);
CREATE OR REPLACE FUNCTION operations.take_attempt(
  keys text[], subjects text[], free integer[], base_wait bigint[], longest_wait bigint[], most integer[], day bigint, at bigint
) RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
  wait bigint;
BEGIN
  FOR k IN 1 .. cardinality(take_attempt.keys) LOOP
    INSERT INTO operations.throttles (key, subject, attempts, blocked_until, last_attempt)
    VALUES (take_attempt.keys[k], nullif(take_attempt.subjects[k], ''), 0, 0, take_attempt.at)
    ON CONFLICT (key) DO NOTHING;

    -- A block from further in the future than any can last was set by a clock that has been put right since.
    SELECT greatest(
      CASE WHEN t.blocked_until <= take_attempt.at + take_attempt.longest_wait[k] THEN t.blocked_until - take_attempt.at END,
      CASE WHEN take_attempt.most[k] >= 0 AND t.day_attempts >= take_attempt.most[k] AND t.day_start <= take_attempt.at
        THEN t.day_start + take_attempt.day - take_attempt.at END)
    INTO wait
    FROM operations.throttles AS t
    WHERE t.key = take_attempt.keys[k]
    FOR UPDATE;
    IF wait > 0 THEN
      RETURN wait;
    END IF;
  END LOOP;

  UPDATE operations.throttles AS t
  SET attempts = n.attempts, last_attempt = take_attempt.at, day_start = n.day_start,
    day_attempts = CASE WHEN n.day_start = t.day_start THEN t.day_attempts + 1 ELSE 1 END,
    blocked_until = CASE
      WHEN n.free < 0 OR n.attempts <= n.free THEN 0
      -- 2^30 base waits are beyond any longest wait; a larger shift would overflow.
      ELSE take_attempt.at + least(n.longest_wait, n.base_wait << least(n.attempts - n.free - 1, 30))
    END
  FROM (
    SELECT o.key, k.free, k.base_wait, k.longest_wait,
      CASE WHEN o.last_attempt + take_attempt.day < take_attempt.at THEN 1 ELSE o.attempts + 1 END AS attempts,
      CASE WHEN o.day_start <= take_attempt.at AND o.day_start + take_attempt.day > take_attempt.at THEN o.day_start
        ELSE take_attempt.at END AS day_start
    FROM unnest(take_attempt.keys, take_attempt.free, take_attempt.base_wait, take_attempt.longest_wait)
      AS k (key, free, base_wait, longest_wait)
    JOIN operations.throttles AS o ON o.key = k.key
  ) AS n
  WHERE t.key = n.key;
  RETURN 0;
END
$$;

-- The attempt was a right one. What counts against who made it at this address is forgotten; of what counts against the client and
-- the address as a whole, only this attempt: who knows one password must not guess others any faster for it. In the order in which
-- the attempt was taken, so that none waits for another that waits for it.
DROP FUNCTION IF EXISTS operations.give_attempt_back(text, text);
CREATE OR REPLACE FUNCTION operations.give_attempt_back(keys text[], forgotten text) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
  FOR k IN 1 .. cardinality(give_attempt_back.keys) LOOP
    IF give_attempt_back.keys[k] = give_attempt_back.forgotten THEN
      DELETE FROM operations.throttles AS t WHERE t.key = give_attempt_back.forgotten;
    ELSE
      UPDATE operations.throttles AS t
      SET attempts = greatest(t.attempts - 1, 0), day_attempts = greatest(t.day_attempts - 1, 0), blocked_until = 0
      WHERE t.key = give_attempt_back.keys[k];
    END IF;
  END LOOP;
END
$$;

-- Forgets who has been quiet since a time, and of the rest all but so many, the longest quiet first: what strangers make up must not
-- fill the disk. Rows that an attempt holds are left to the next time.
CREATE OR REPLACE FUNCTION operations.forget_attempts(since bigint, most bigint) RETURNS void
LANGUAGE sql
AS $$
  WITH bounds AS (
    SELECT max(b.last_attempt) AS last_attempt
    FROM (
      SELECT forget_attempts.since - 1 AS last_attempt
      UNION ALL
      (
        SELECT o.last_attempt
        FROM operations.throttles AS o
        ORDER BY o.last_attempt DESC
        OFFSET forget_attempts.most
        LIMIT 1)
    ) AS b
  ), quiet AS (
    SELECT t.key
    FROM operations.throttles AS t
    WHERE t.last_attempt <= (SELECT b.last_attempt FROM bounds AS b)
    FOR UPDATE SKIP LOCKED
  )
  DELETE FROM operations.throttles AS t USING quiet AS q WHERE t.key = q.key;
$$;

-- Takes one of the changes that somebody may make: 0, or how long they must wait for it, in milliseconds, when none is left. One comes back every
-- `spacing`, up to as many as fit into `burst` (the generic cell rate algorithm, ITU-T I.371): `blocked_until` is when all would be back.
CREATE OR REPLACE FUNCTION operations.take_change(key text, spacing bigint, burst bigint, at bigint) RETURNS bigint
LANGUAGE sql
AS $$
  WITH taken AS (
    INSERT INTO operations.throttles AS t (key, attempts, blocked_until, last_attempt)
    VALUES (take_change.key, 1, take_change.at + take_change.spacing, take_change.at)
    ON CONFLICT (key) DO UPDATE
    SET attempts = least(t.attempts, 1000000000) + 1, last_attempt = take_change.at,
      -- From further in the future than any can be: set by a clock that has been put right since.
      blocked_until = greatest(least(t.blocked_until, take_change.at + take_change.burst), take_change.at) + take_change.spacing
    WHERE greatest(t.blocked_until, take_change.at) + take_change.spacing <= take_change.at + take_change.burst
      OR t.blocked_until > take_change.at + take_change.burst + take_change.spacing
    RETURNING 0::bigint AS wait
  )
  SELECT k.wait FROM taken AS k
  UNION ALL
  SELECT t.blocked_until + take_change.spacing - take_change.at - take_change.burst
  FROM operations.throttles AS t
  WHERE t.key = take_change.key AND NOT EXISTS (SELECT FROM taken)
  LIMIT 1
$$;

-- A new password was set for the address: what counts against guesses at the old one is void. Rows are locked in the order in which
-- attempts lock them: address, then who made them.
CREATE OR REPLACE FUNCTION operations.forget_subject(subject text) RETURNS void
LANGUAGE sql
AS $$
  WITH counts AS (
    SELECT t.key FROM operations.throttles AS t WHERE t.subject = forget_subject.subject ORDER BY t.key FOR UPDATE)
  DELETE FROM operations.throttles AS t USING counts AS c WHERE t.key = c.key;
$$;

-- The keys that a project ever had and who issued each: a member, or NULL for the operator.
CREATE OR REPLACE FUNCTION operations.keys_issued(shard integer, stream text)
RETURNS TABLE (key_id uuid, actor_id uuid)
LANGUAGE sql
STABLE
AS $$
  SELECT (e.unit -> 'data' -> 0 ->> 'key_id')::uuid, (e.unit ->> 'actor_id')::uuid
  FROM log.stream_versions AS v
  CROSS JOIN LATERAL (
    -- Of an archived month: kept for whoever reads a stream.
    SELECT a.unit
    FROM log.archived_streams AS a
    WHERE a.shard = v.shard AND a.position = v.position
    UNION ALL
    SELECT u
    FROM (
      -- The first batch that ends at or after the position is the one that holds it.
      SELECT c.events
      FROM log.batches AS c
      WHERE c.shard = v.shard AND c.last_position >= v.position
      ORDER BY c.last_position
      LIMIT 1
    ) AS b
    CROSS JOIN LATERAL jsonb_array_elements(b.events) AS u
    WHERE (u ->> 'position')::bigint = v.position
    LIMIT 1 -- found in the archive, the batches are not looked at
  ) AS e
  WHERE v.shard = keys_issued.shard AND v.stream = keys_issued.stream AND e.unit ->> 'type' = 'key_issued'
$$;

-- The server processes over this database: what each divides a key's rate by where no Redis counts for all of them.
-- Unlogged: after a crash of the database every server calls again within seconds.
CREATE UNLOGGED TABLE IF NOT EXISTS operations.servers (
  server_id uuid PRIMARY KEY, -- drawn at a process's start
  seen_at timestamptz NOT NULL -- by the database's clock, of which there is one
) WITH (fillfactor = 50);

-- A server's sign of life; answers how many there are. One that gave none for `gone_after` counts no more, and after as long again its
-- row goes.
CREATE OR REPLACE FUNCTION operations.count_servers(server uuid, gone_after interval) RETURNS integer
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO operations.servers (server_id, seen_at) VALUES (count_servers.server, clock_timestamp())
  ON CONFLICT (server_id) DO UPDATE SET seen_at = EXCLUDED.seen_at;
  -- Of those that others are at, too: they need no help.
  DELETE FROM operations.servers AS s
  WHERE s.server_id IN (
    SELECT o.server_id
    FROM operations.servers AS o
    WHERE o.seen_at < clock_timestamp() - 2 * count_servers.gone_after
    FOR UPDATE SKIP LOCKED
  );
  RETURN (SELECT count(*) FROM operations.servers AS s WHERE s.seen_at > clock_timestamp() - count_servers.gone_after);
END
$$;

-- A server that stops says so.
CREATE OR REPLACE FUNCTION operations.leave_servers(server uuid) RETURNS void
LANGUAGE sql
AS $$
  DELETE FROM operations.servers AS s WHERE s.server_id = leave_servers.server;
$$;

-- How far each reactor has followed each shard of the log. The row is the lease, too: who reacts holds its lock (FOR UPDATE SKIP
-- LOCKED) and moves it in the transaction that notes what is to be done, so that any number of servers share the work.
CREATE TABLE IF NOT EXISTS operations.reactors (
  reactor text NOT NULL,
  shard integer NOT NULL,
  position bigint NOT NULL,
  error text, -- why it can't go on; NULL when it does
  PRIMARY KEY (reactor, shard)
) WITH (fillfactor = 10); -- updated by every step: room on the page keeps those updates HOT

-- Where a reactor begins that is not to tell of what happened before a time: the last position recorded before it.
CREATE OR REPLACE FUNCTION operations.position_before(shard integer, at timestamptz)
RETURNS bigint
LANGUAGE sql
STABLE
AS $$
  SELECT coalesce(max(b.last_position), 0)
  FROM log.batches AS b
  WHERE b.shard = position_before.shard AND b.recorded_at < position_before.at
$$;

-- The end of the next batches of a shard after a position, `most` of them; no row at the log's end. `is_whole` is false when they
-- don't follow one another without a gap: then nothing may be skipped in silence.
CREATE OR REPLACE FUNCTION operations.next_batches(shard integer, after bigint, most integer)
RETURNS TABLE (upto bigint, is_whole boolean)
LANGUAGE sql
STABLE
AS $$
  WITH batches AS (
    SELECT b.first_position, b.last_position
    FROM log.batches AS b
    WHERE b.shard = next_batches.shard AND b.last_position > next_batches.after
    ORDER BY b.last_position
    LIMIT next_batches.most
  )
  SELECT max(b.last_position),
    min(b.first_position) = next_batches.after + 1
      AND sum(b.last_position - b.first_position + 1) = max(b.last_position) - next_batches.after
  FROM batches AS b
  HAVING count(*) > 0
$$;

-- The domain events of some types, after < position <= upto, in order. `upto` must be some batch's last position. Events recorded
-- before `since` are left out: nobody wants to be told of them any more.
CREATE OR REPLACE FUNCTION operations.events_to_react_to(
  shard integer, after bigint, upto bigint, types text[], since timestamptz
)
RETURNS TABLE ("position" bigint, recorded_at timestamptz, type text, stream text, account_id uuid, month text, data text)
LANGUAGE sql
STABLE
AS $$
  SELECT u.position, u.recorded_at, u.type, u.stream, u.account_id, u.month, (u.data -> 0)::text
  FROM log.read_units(events_to_react_to.shard, events_to_react_to.after, events_to_react_to.upto) AS u
  WHERE u.type = ANY (events_to_react_to.types) AND u.recorded_at >= events_to_react_to.since
  ORDER BY u.position
$$;

-- The domain event at a position; no row when the log doesn't hold it (any more).
CREATE OR REPLACE FUNCTION operations.event_at(shard integer, at bigint)
RETURNS TABLE ("position" bigint, recorded_at timestamptz, type text, stream text, account_id uuid, month text, data text)
LANGUAGE sql
STABLE
AS $$
  SELECT u.position, u.recorded_at, u.type, u.stream, u.account_id, u.month, (u.data -> 0)::text
  FROM (
    SELECT b.first_position, b.last_position
    FROM log.batches AS b
    WHERE b.shard = event_at.shard AND b.last_position >= event_at.at
    ORDER BY b.last_position
    LIMIT 1
  ) AS c
  CROSS JOIN LATERAL log.read_units(event_at.shard, c.first_position - 1, c.last_position) AS u
  WHERE u.position = event_at.at
$$;

-- Mails to be sent and those lately sent. A row says which event a mail tells of and whose key opens the address, nothing more:
-- the mail is written when it is sent, so that no address, name or token rests here.
--
--   queued -> sending -> sent
--      ^         |------> failed   refused for good, or given up
--      '---------'------> dropped  nobody is to get it any more: expired, or the person was erased
CREATE TABLE IF NOT EXISTS operations.mails (
  message_id text PRIMARY KEY, -- of RFC 5322, without brackets: derived from the event, so that a repeat is the same mail
  kind text NOT NULL,
  shard integer NOT NULL,
  position bigint NOT NULL, -- of the event
  recipient uuid NOT NULL, -- the vault's subject
  state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'dropped')),
  attempts integer NOT NULL DEFAULT 0,
  queued_at timestamptz NOT NULL,
  due_at timestamptz, -- when to try (again); while it is being sent, when its sender is taken for dead; NULL at the end
  expires_at timestamptz, -- when what it carries stops working
  finished_at timestamptz,
  reason text -- why the last attempt failed, or what the end was; never holds an address
) WITH (fillfactor = 80);
CREATE INDEX IF NOT EXISTS mails_due_at ON operations.mails (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS mails_finished_at ON operations.mails (finished_at) WHERE finished_at IS NOT NULL;

-- Hands out the mail that has been due longest, to one sender only, until `lapses_at`: who has not said by then what became of it
-- is taken for dead, and it is due again.
CREATE OR REPLACE FUNCTION operations.take_mail(at timestamptz, lapses_at timestamptz)
RETURNS SETOF operations.mails
LANGUAGE sql
AS $$
  WITH due AS (
    SELECT m.message_id
    FROM operations.mails AS m
    WHERE m.due_at <= take_mail.at
    ORDER BY m.due_at
    LIMIT 1
    FOR UPDATE SKIP LOCKED
  )
  UPDATE operations.mails AS m
  SET state = 'sending', attempts = m.attempts + 1, due_at = take_mail.lapses_at
  FROM due AS d
  WHERE m.message_id = d.message_id
  RETURNING m.*
$$;

-- Notes the end of a mail: sent, failed or dropped. Sent is sent, even when the lease has lapsed meanwhile.
CREATE OR REPLACE FUNCTION operations.finish_mail(message_id text, attempt integer, state text, at timestamptz, reason text)
RETURNS void
LANGUAGE sql
AS $$
  UPDATE operations.mails AS m
  SET state = finish_mail.state, finished_at = finish_mail.at, due_at = NULL, reason = finish_mail.reason
  WHERE m.message_id = finish_mail.message_id
    AND (finish_mail.state = 'sent' OR m.state = 'sending' AND m.attempts = finish_mail.attempt)
$$;

-- Puts a mail off after a failed attempt, unless another sender has taken it meanwhile.
CREATE OR REPLACE FUNCTION operations.put_off_mail(message_id text, attempt integer, due_at timestamptz, reason text)
RETURNS void
LANGUAGE sql
AS $$
  UPDATE operations.mails AS m
  SET state = 'queued', due_at = put_off_mail.due_at, reason = put_off_mail.reason
  WHERE m.message_id = put_off_mail.message_id AND m.state = 'sending' AND m.attempts = put_off_mail.attempt
$$;

-- A person's sealed address as it was at a position of their stream (NULL: as it is now). No row for a person whom the log does
-- not know, or whose data was erased.
CREATE OR REPLACE FUNCTION operations.address_of(shard integer, stream text, before bigint)
RETURNS TABLE (email_sealed text)
LANGUAGE sql
STABLE
AS $$
  SELECT e.email_sealed
  FROM (
    SELECT s.type, s.data ->> 'email_sealed' AS email_sealed
    FROM log.read_stream(address_of.shard, address_of.stream, 0) AS s
    WHERE s.type IN ('user_registered', 'email_changed', 'user_erased')
      AND (address_of.before IS NULL OR s.position < address_of.before)
    ORDER BY s.stream_version DESC
    LIMIT 1
  ) AS e
  WHERE e.type <> 'user_erased'
$$;

-- Whether an invitation still waits for its answer: nobody is to be asked to accept what was taken back.
CREATE OR REPLACE FUNCTION operations.invitation_is_open(shard integer, stream text, invitation uuid)
RETURNS boolean
LANGUAGE sql
STABLE
AS $$
  SELECT NOT EXISTS (
    SELECT
    FROM log.read_stream(invitation_is_open.shard, invitation_is_open.stream, 0) AS s
    WHERE s.type IN ('invitation_accepted', 'invitation_revoked')
      AND (s.data ->> 'invitation_id')::uuid = invitation_is_open.invitation)
$$;

-- The schedule: what falls due by the clock, and what became of it the last time. One row per job, whatever the number of servers.
--
-- Two clocks, kept apart: `next_due` is by the servers' clock, which tests and mistakes move; all else is by the database's, of
-- which there is one.
CREATE TABLE IF NOT EXISTS operations.jobs (
  name text PRIMARY KEY,
  interval_ms bigint NOT NULL CHECK (interval_ms > 0),
  next_due timestamptz NOT NULL DEFAULT '-infinity',
  seen_at timestamptz NOT NULL DEFAULT clock_timestamp(), -- when a server last said that it has this job, within an hour
  running_by text, -- the process that took it; it runs as long as that process's connection holds the job's lock
  running_until timestamptz, -- from then on it counts as hung
  last_started timestamptz,
  last_finished timestamptz,
  last_outcome text CHECK (last_outcome IN ('succeeded', 'failed', 'died')),
  last_error text,
  last_run_by text,
  runs bigint NOT NULL DEFAULT 0,
  failures bigint NOT NULL DEFAULT 0,
  failures_in_a_row integer NOT NULL DEFAULT 0
);

-- The backend that holds a job's lock; NULL when nobody does. A session's advisory lock, not a row's: it lasts as long as the
-- job without a transaction that would keep VACUUM waiting, and vanishes with the connection of a process that died.
CREATE OR REPLACE FUNCTION operations.job_holder(name text) RETURNS integer
LANGUAGE sql
STABLE
AS $$
  SELECT l.pid
  FROM pg_locks AS l
  WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
    AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
    -- A lock's two keys are kept as unsigned numbers.
    AND l.classid::bigint = hashtext('recount job')::bigint & 4294967295
    AND l.objid::bigint = hashtext(job_holder.name)::bigint & 4294967295
$$;

-- How long a job that failed so often in a row waits: a minute, doubled up to an hour, never longer than its own interval.
CREATE OR REPLACE FUNCTION operations.job_back_off(failures_in_a_row integer, interval_ms bigint) RETURNS interval
LANGUAGE sql
IMMUTABLE
AS $$
  SELECT CASE
    WHEN job_back_off.failures_in_a_row = 0 THEN interval '0'
    ELSE least(
      make_interval(secs => 60 * 2 ^ least(job_back_off.failures_in_a_row - 1, 6)), interval '1 hour',
      make_interval(secs => job_back_off.interval_ms / 1000.0))
  END
$$;

-- Whether a job falls due by a server's clock.
--
-- Clocks jump. One that jumped ahead and came back left a next_due that lies further off than an honest clock could have put it: the
-- job is due at once rather than in a year. Twice the interval, for a clock that is set back a little is no reason to run again. Two
-- servers whose clocks disagree by more would so make a job due for each other without end: by the database's clock `spacing` must
-- lie between two runs.
CREATE OR REPLACE FUNCTION operations.job_is_due(job operations.jobs, now timestamptz, spacing interval) RETURNS boolean
LANGUAGE sql
VOLATILE
AS $$
  SELECT
    (job.next_due <= job_is_due.now
      OR job.next_due > job_is_due.now + 2 * make_interval(secs => job.interval_ms / 1000.0))
    AND (job.last_finished IS NULL
      OR job.last_finished > clock_timestamp() -- the database's clock went back: no reason to wait until it is there again
      OR job.last_finished + least(job_is_due.spacing, make_interval(secs => job.interval_ms / 1000.0))
        <= clock_timestamp())
    -- One whose process died is taken over at once, but a job that kills whoever runs it waits longer each time.
    AND (job.running_by IS NULL
      OR job.last_started + operations.job_back_off(job.failures_in_a_row, job.interval_ms) <= clock_timestamp())
$$;

-- Which of a server's jobs it may try to take now: due, and held by nobody or by a process that has hung.
CREATE OR REPLACE FUNCTION operations.due_jobs(names text[], now timestamptz, spacing interval)
RETURNS TABLE (name text)
LANGUAGE sql
VOLATILE
AS $$
  SELECT j.name
  FROM operations.jobs AS j
  WHERE j.name = ANY (due_jobs.names)
    AND CASE
      WHEN j.running_by IS NOT NULL AND operations.job_holder(j.name) IS NOT NULL
        THEN j.running_until < clock_timestamp()
      ELSE operations.job_is_due(j, due_jobs.now, due_jobs.spacing)
    END
$$;

-- Ends the connection of a process that holds a job beyond its deadline: stopped, or cut off from us but not from the database.
-- Its lock goes with it. As the owner, for only the same login may end a backend, and only for a job that has hung.
CREATE OR REPLACE FUNCTION operations.end_hung_job(name text) RETURNS boolean
LANGUAGE sql
VOLATILE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT pg_terminate_backend(operations.job_holder(j.name))
  FROM operations.jobs AS j
  WHERE j.name = end_hung_job.name AND j.running_by IS NOT NULL AND j.running_until < clock_timestamp()
$$;
REVOKE EXECUTE ON FUNCTION operations.end_hung_job FROM PUBLIC;
GRANT EXECUTE ON FUNCTION operations.end_hung_job TO recount_server;

-- Takes a job for the calling connection, if it is due and nobody runs it. The caller keeps the connection until the job is done:
-- its advisory lock is what keeps others away.
CREATE OR REPLACE FUNCTION operations.take_job(
  name text, now timestamptz, spacing interval, process text, deadline interval
) RETURNS boolean
LANGUAGE plpgsql
AS $$
DECLARE
  job operations.jobs;
BEGIN
  IF NOT pg_try_advisory_lock(hashtext('recount job'), hashtext(take_job.name)) THEN
    PERFORM operations.end_hung_job(take_job.name);
    RETURN false;
  END IF;
  -- Read after the lock: what the one before us noted, it noted before it let go.
  SELECT j.* INTO job FROM operations.jobs AS j WHERE j.name = take_job.name;
  IF NOT FOUND OR NOT operations.job_is_due(job, take_job.now, take_job.spacing) THEN
    PERFORM pg_advisory_unlock(hashtext('recount job'), hashtext(take_job.name));
    RETURN false;
  END IF;
  UPDATE operations.jobs AS j
  SET running_by = take_job.process, running_until = clock_timestamp() + take_job.deadline,
    last_started = clock_timestamp(), last_run_by = take_job.process,
    -- Still marked as running, though nobody held it: that process died.
    last_outcome = CASE WHEN job.running_by IS NULL THEN j.last_outcome ELSE 'died' END,
    last_error = CASE
      WHEN job.running_by IS NULL THEN j.last_error
      ELSE format('%s ended in the middle of it', job.running_by)
    END,
    failures = j.failures + (job.running_by IS NOT NULL)::integer,
    failures_in_a_row = j.failures_in_a_row + (job.running_by IS NOT NULL)::integer
  WHERE j.name = take_job.name;
  RETURN true;
END
$$;

-- Notes what became of a job. `error` NULL: it was done. `now` is the server's clock at the start of a run that succeeded, so that a
-- job keeps its time of day, and at the end of one that failed.
CREATE OR REPLACE FUNCTION operations.finish_job(name text, now timestamptz, process text, error text)
RETURNS void
LANGUAGE sql
AS $$
  UPDATE operations.jobs AS j
  SET running_by = NULL, running_until = NULL, last_finished = clock_timestamp(), runs = j.runs + 1,
    last_outcome = CASE WHEN finish_job.error IS NULL THEN 'succeeded' ELSE 'failed' END,
    last_error = left(finish_job.error, 2000),
    failures = j.failures + (finish_job.error IS NOT NULL)::integer,
    failures_in_a_row = CASE WHEN finish_job.error IS NULL THEN 0 ELSE j.failures_in_a_row + 1 END,
    next_due = finish_job.now + CASE
      WHEN finish_job.error IS NULL THEN make_interval(secs => j.interval_ms / 1000.0)
      ELSE operations.job_back_off(j.failures_in_a_row + 1, j.interval_ms)
    END
  -- One that was ended as hung and comes back must not speak for whoever has taken over.
  WHERE j.name = finish_job.name AND j.running_by = finish_job.process
$$;

-- Gives a job back undone, when its server shuts down: due as it was, for the next.
CREATE OR REPLACE FUNCTION operations.return_job(name text, process text) RETURNS void
LANGUAGE sql
AS $$
  UPDATE operations.jobs AS j
  SET running_by = NULL, running_until = NULL
  WHERE j.name = return_job.name AND j.running_by = return_job.process
$$;

-- Says which jobs a server has. New ones are due at once; those that no server has named for a day are shown as retired.
CREATE OR REPLACE FUNCTION operations.register_jobs(names text[], intervals_ms bigint[]) RETURNS void
LANGUAGE sql
AS $$
  INSERT INTO operations.jobs AS j (name, interval_ms)
  SELECT n.name, n.interval_ms
  FROM unnest(register_jobs.names, register_jobs.intervals_ms) AS n (name, interval_ms)
  ORDER BY n.name
  ON CONFLICT (name) DO UPDATE SET interval_ms = EXCLUDED.interval_ms, seen_at = clock_timestamp()
  -- Asked at every look: written once an hour.
  WHERE j.interval_ms <> EXCLUDED.interval_ms OR j.seen_at < clock_timestamp() - interval '1 hour'
    OR j.seen_at > clock_timestamp()
$$;

-- The schedule, for people. `is_running`: a process holds the job now. `is_overdue`: it should have run a quarter of an hour ago, so no
-- server is there to run it, or none gets to it. Retired: servers have named their jobs since, and this was not among them.
CREATE OR REPLACE FUNCTION operations.job_status()
RETURNS TABLE (
  name text, interval_ms bigint, next_due timestamptz, running_by text, last_started timestamptz, last_finished timestamptz,
  last_outcome text, last_error text, last_run_by text, runs bigint, failures bigint, failures_in_a_row integer,
  is_overdue boolean
)
LANGUAGE sql
STABLE
AS $$
  WITH jobs AS (
    SELECT j.*, operations.job_holder(j.name) IS NOT NULL AND j.running_by IS NOT NULL AS is_running
    FROM operations.jobs AS j
    WHERE j.seen_at >= (SELECT max(k.seen_at) FROM operations.jobs AS k) - interval '1 day'
  )
  SELECT j.name, j.interval_ms, CASE WHEN isfinite(j.next_due) THEN j.next_due END,
    CASE WHEN j.is_running THEN j.running_by END, j.last_started, j.last_finished, j.last_outcome, j.last_error,
    j.last_run_by, j.runs, j.failures, j.failures_in_a_row,
    NOT j.is_running
      AND CASE WHEN j.last_started IS NULL THEN j.seen_at ELSE greatest(j.next_due, j.last_started) END
        < clock_timestamp() - interval '15 minutes'
  FROM jobs AS j
$$;

GRANT USAGE ON SCHEMA operations TO recount_server, recount_auditor;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA operations TO recount_server;
GRANT SELECT ON ALL TABLES IN SCHEMA operations TO recount_auditor;
