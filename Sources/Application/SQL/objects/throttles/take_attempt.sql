-- Takes an attempt against all of these keys or against none. Answers the milliseconds to wait when one of them is blocked; 0 when
-- the attempt is taken, in which case the next may have to wait: after so many free ones first its base wait, then twice as long
-- each time, up to its longest. Beyond the most a day allows, until the day is over. -1 free ones: any number, and -1 most likewise.
-- A key that has been quiet for a day starts afresh.
--
-- Keys are looked at in their order, which is the same in all calls, so that two attempts never wait for each other; after the first
-- that is blocked no other gets a row: a client that is turned away leaves nothing behind, however many addresses it makes up.
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
