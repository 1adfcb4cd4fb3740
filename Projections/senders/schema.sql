CREATE TABLE senders (
  shard integer NOT NULL,
  project_id uuid NOT NULL,
  mode text NOT NULL,
  sender_id uuid NOT NULL,
  key_id uuid NOT NULL, -- that its last call came with
  first_sequence bigint NOT NULL, -- counted from here, nearly always 1
  last_sequence bigint NOT NULL, -- the highest that came: sent = last_sequence - first_sequence + 1
  here bigint NOT NULL, -- of these, the calls that came
  events bigint NOT NULL, -- in them, accepted or not
  dropped bigint NOT NULL, -- events that it let go, as far as it has said
  first_seen timestamptz NOT NULL, -- when the log recorded its first call, and its last
  last_seen timestamptz NOT NULL,
  -- What is missing, a place of the three arrays each: from which sequence to which, and when that was noticed, which is when a higher one
  -- came. In order, at most a hundred.
  gap_firsts bigint[] NOT NULL,
  gap_lasts bigint[] NOT NULL,
  gap_times timestamptz[] NOT NULL,
  untold bigint NOT NULL, -- sequences that are missing in lower gaps than the last hundred
  untold_upto bigint NOT NULL, -- and up to where these lie
  PRIMARY KEY (shard, project_id, mode, sender_id)
) WITH (fillfactor = 70); -- updated by every cut: HOT, no index on an updated column

-- A call of a sender, as move_sender() takes it in.
CREATE TYPE heard AS (
  recorded_at timestamptz, key_id uuid, sequence bigint, events bigint, dropped bigint,
  detail_from timestamptz, -- where the project's detail had come to begin
  forgotten_before timestamptz -- where that came to begin between the sender's call before and this one, if it did
);

-- Table `retention`: where the detail of each project begins. Senders that were last seen before it are forgotten.
SELECT log.create_retention();

-- When an id of version 7 says that it was drawn (RFC 9562, section 5.7); '-infinity' for any other.
CREATE FUNCTION drawn_at(id uuid) RETURNS timestamptz
LANGUAGE plpgsql
IMMUTABLE
AS $$
BEGIN
  IF substr(id::text, 15, 1) <> '7' THEN
    RETURN '-infinity';
  END IF;
  RETURN to_timestamp(('x' || substr(replace(id::text, '-', ''), 1, 12))::bit(48)::bigint / 1000.0);
END
$$;

-- A sender's row after some calls, one by one in the log's order, so that it does not matter where the cuts lie. `s` is the row before,
-- all NULL where there is none.
CREATE FUNCTION move_sender(s senders, shard integer, project_id uuid, mode text, sender_id uuid, calls heard[]) RETURNS senders
LANGUAGE plpgsql
IMMUTABLE
AS $$
DECLARE
  most_gaps CONSTANT integer := 100; -- a sender that leaves out every other sequence takes some kilobytes, and no more
  call heard;
  start bigint;
  k integer;
  is_new boolean;
BEGIN
  FOREACH call IN ARRAY calls LOOP
    IF s.sender_id IS NULL OR s.last_seen < call.forgotten_before THEN
      -- What came before detail begins may have been forgotten with a sender that has been quiet since: of one whose id does not say that
      -- it is younger, nobody knows whether anything is missing before its first call.
      start := CASE WHEN drawn_at(move_sender.sender_id) >= call.detail_from THEN 1 ELSE call.sequence END;
      s := ROW(
        move_sender.shard, move_sender.project_id, move_sender.mode, move_sender.sender_id, call.key_id, start, start - 1, 0, 0, 0,
        call.recorded_at, call.recorded_at, '{}', '{}', '{}', 0, 0);
    END IF;

    is_new := true;
    IF call.sequence > s.last_sequence THEN
      IF call.sequence > s.last_sequence + 1 THEN
        s.gap_firsts := s.gap_firsts || (s.last_sequence + 1);
        s.gap_lasts := s.gap_lasts || (call.sequence - 1);
        s.gap_times := s.gap_times || call.recorded_at;
      END IF;
      s.last_sequence := call.sequence;
    ELSIF call.sequence < s.first_sequence THEN
      IF call.sequence < s.first_sequence - 1 THEN
        s.gap_firsts := (call.sequence + 1) || s.gap_firsts;
        s.gap_lasts := (s.first_sequence - 1) || s.gap_lasts;
        s.gap_times := call.recorded_at || s.gap_times;
      END IF;
      s.first_sequence := call.sequence;
    ELSE
      k := width_bucket(call.sequence, s.gap_firsts); -- the last gap that begins at or before it
      IF k > 0 AND call.sequence <= s.gap_lasts[k] THEN
        IF s.gap_firsts[k] = s.gap_lasts[k] THEN
          s.gap_firsts := s.gap_firsts[: k - 1] || s.gap_firsts[k + 1 :];
          s.gap_lasts := s.gap_lasts[: k - 1] || s.gap_lasts[k + 1 :];
          s.gap_times := s.gap_times[: k - 1] || s.gap_times[k + 1 :];
        ELSIF call.sequence = s.gap_firsts[k] THEN
          s.gap_firsts[k] := call.sequence + 1;
        ELSIF call.sequence = s.gap_lasts[k] THEN
          s.gap_lasts[k] := call.sequence - 1;
        ELSE
          s.gap_firsts := s.gap_firsts[: k] || (call.sequence + 1) || s.gap_firsts[k + 1 :];
          s.gap_lasts := s.gap_lasts[: k - 1] || (call.sequence - 1) || s.gap_lasts[k :];
          s.gap_times := s.gap_times[: k] || s.gap_times[k :];
        END IF;
      ELSIF s.untold > 0 AND call.sequence <= s.untold_upto THEN
        s.untold := s.untold - 1; -- which of these were here is not known any more: nearly always it was not, see README.md
      ELSE
        is_new := false; -- it came again after the log had forgotten its id
      END IF;
    END IF;

    IF cardinality(s.gap_firsts) > most_gaps THEN
      s.untold := s.untold + s.gap_lasts[1] - s.gap_firsts[1] + 1;
      s.untold_upto := greatest(s.untold_upto, s.gap_lasts[1]);
      s.gap_firsts := s.gap_firsts[2 :];
      s.gap_lasts := s.gap_lasts[2 :];
      s.gap_times := s.gap_times[2 :];
    END IF;
    IF is_new THEN
      s.here := s.here + 1;
      s.events := s.events + call.events;
    END IF;
    s.dropped := greatest(s.dropped, call.dropped);
    s.key_id := call.key_id;
    -- Never before where detail began by then, however a clock stood: a call that came after that was forgotten with nothing.
    s.last_seen := greatest(call.recorded_at, call.detail_from);
  END LOOP;
  RETURN s;
END
$$;

-- Forgets the senders that were last seen before where detail comes to begin in a cut.
CREATE FUNCTION forget_senders(shard integer, after bigint, upto bigint) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
  moved record;
BEGIN
  FOR moved IN
    SELECT m.* FROM log.move_retention(forget_senders.shard, forget_senders.after, forget_senders.upto) AS m
  LOOP
    DELETE FROM senders AS s
    WHERE s.shard = forget_senders.shard AND s.project_id = moved.project_id AND s.mode IN ('live', 'test')
      AND s.last_seen < moved.before;
  END LOOP;
END
$$;
