-- The only way into the log. One call is one transaction's append to one shard:
--   1. take the head's row lock: from here on this shard is ours until the commit;
--   2. decide every unit: duplicate, refused or accepted (log.decide);
--   3. write one batch with the accepted events and what follows from them (log.consequences), linked to the chain;
--   4. remember ids, move meters, versions and the head; an append that accepts nothing writes nothing;
--   5. answer for each unit what became of it.
--
-- `units` are the texts of JSON objects, each with a `data` array of events. They come as text because the position still has to
-- go in: so each event is parsed once, in its batch. `controls` says what to decide them by (see log.decision): one for each
-- unit in the same order, or one for each event of a unit that single events share, each saying with `text` which it is. A
-- domain event's control has `stream` and `stream_version`, that of a minute's tally (intake_tallied) `tally`, that of a key that read
-- (key_used) none of them; none is ever appended together with telemetry, but for the domain event of a demo that tells how far its requests
-- go (demo_generated), which comes first, so that the streams are seen to. That of a sender's call (sender_heard) is: it has an id, of a
-- scope of its own, and neither project nor mode, so that it moves no meter and is in no tally.
--
-- SECURITY DEFINER: the serving role owns nothing and may write nothing but what this function writes (promise 1).
-- Errors: RC001 no such shard; RC409 a stream is not at the expected version (load it again and re-decide);
-- RC500 a unit's text does not hold the events its control promises.
CREATE OR REPLACE FUNCTION log.append(shard integer, controls jsonb, units text[])
RETURNS SETOF log.outcome
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan -- planning anew at each append costs more than the append
AS $$
DECLARE
  head log.heads%ROWTYPE;
  decided log.decision[];
  follow_ups jsonb[] := '{}';
  appended_at timestamptz;
  batch jsonb;
  batch_start bigint;
  batch_end bigint;
  telemetry_end bigint;
  accepted bigint;
  has_consequences boolean;
  has_streams boolean := append.controls -> 0 ? 'stream';
  has_tallies boolean := append.controls -> 0 ? 'tally';
  -- Servers of the last release say of their telemetry whether it is `metered`; this one's never do. Those keep no tallies.
  tallies_all boolean := append.controls -> 0 ? 'metered';
  link bytea;
BEGIN
  SELECT h.* INTO head FROM log.heads AS h WHERE h.shard = append.shard FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'RC001', MESSAGE = format('shard %s does not exist in this log', append.shard);
  END IF;
  IF has_streams THEN
    PERFORM log.check_stream_versions(append.shard, append.controls);
  END IF;

  -- A clock that jumps back must not disorder the log.
  appended_at := greatest(clock_timestamp(), head.recorded_at);
  decided := log.decide(
    append.shard, head.last_position, date_trunc('month', appended_at AT TIME ZONE 'UTC')::date, append.controls);
  -- Nearly every append is of new telemetry, all of it within the quota: then nothing follows from it.
  SELECT coalesce(sum(d.accepted), 0),
    bool_or(d.seen OR d.conflict OR d.accepted < d.given OR d.invalid > 0 OR d.repeated > 0 OR d.outside IS NOT NULL
      OR log.is_crossed('quota_threshold_reached', d.mode, d.used, d.quota))
  INTO accepted, has_consequences
  FROM unnest(decided) AS d;
  IF has_consequences THEN
    follow_ups := ARRAY(SELECT log.consequences(append.shard, append.controls, decided, tallies_all));
  END IF;
  IF has_streams THEN
    follow_ups := follow_ups
      || ARRAY(SELECT log.move_quotas(append.shard, appended_at, append.controls, append.units, decided));
  END IF;
  batch_start := head.last_position + 1;
  telemetry_end := head.last_position + accepted;
  batch_end := telemetry_end + cardinality(follow_ups);

  IF batch_end >= batch_start THEN
    SELECT ('[' || string_agg('{"position": ' || p.position || ', ' || substr(p.body, 2), ', ' ORDER BY p.position) || ']')
      ::jsonb
    INTO batch
    FROM (
      SELECT min(d.position) FILTER (WHERE d.accepted > 0),
        CASE
          WHEN sum(d.accepted) = sum(d.given) THEN append.units[d.text]
          WHEN count(*) = 1 THEN log.reduce_unit(append.units[d.text], (array_agg(d))[1])
          ELSE log.reduce_shared_unit(append.units[d.text], array_agg(d.accepted = 1 ORDER BY d.unit))
        END
      FROM unnest(decided) AS d
      GROUP BY d.text
      HAVING sum(d.accepted) > 0
      UNION ALL
      SELECT telemetry_end + f.k, f.unit::text FROM unnest(follow_ups) WITH ORDINALITY AS f (unit, k)
    ) AS p (position, body);
    -- A wrong count would shift every later position: better to lose this append, loudly, than the log.
    IF (SELECT sum(jsonb_array_length(u -> 'data')) FROM jsonb_array_elements(batch) AS u)
      <> batch_end - head.last_position
    THEN
      RAISE EXCEPTION USING ERRCODE = 'RC500', MESSAGE = 'the units do not hold the number of events their controls give';
    END IF;

    link := log.batch_hash(
      head.last_hash, append.shard, batch_start, batch_end, appended_at, batch::text);
    INSERT INTO log.batches (shard, first_position, last_position, recorded_at, hash, events)
    VALUES (append.shard, batch_start, batch_end, appended_at, link, batch);

    PERFORM log.remember(append.shard, appended_at, decided, tallies_all);
    IF has_streams THEN
      PERFORM log.remember_streams(append.shard, appended_at, append.controls, append.units, decided);
    END IF;
    IF has_tallies THEN
      PERFORM log.remember_tallies(append.shard, append.units);
    END IF;
    UPDATE log.heads AS h
    SET last_position = batch_end, last_hash = link, recorded_at = appended_at
    WHERE h.shard = append.shard;
  END IF;

  RETURN QUERY
  SELECT d.unit, d.position, d.accepted,
    CASE WHEN d.seen THEN log.duplicates(d) ELSE 0 END,
    CASE WHEN d.conflict THEN 0 ELSE d.candidates - d.accepted END,
    d.conflict,
    CASE WHEN d.seen AND (d.candidates > 0 OR d.outside IS NOT NULL) THEN (
      SELECT array_agg(o ORDER BY o)
      FROM unnest(coalesce(d.ordinals, ARRAY(SELECT generate_series(0, d.given - 1))) || d.outside) AS o
      WHERE coalesce(o <@ d.seen_accepted, true))
    END,
    CASE WHEN d.accepted < d.candidates THEN (log.candidate_ordinals(d))[d.accepted + 1 :] END,
    d.used, d.quota
  FROM unnest(decided) AS d;
END
$$;
