-- Takes an attempt against all of these keys or against none. Answers the milliseconds to wait when one of them is blocked; 0 when
-- the attempt is taken, in which case the next may have to wait: after so many free ones first `base_wait`, then twice as long
-- each time, up to `longest_wait`. A key that has been quiet for `memory` starts afresh.
CREATE OR REPLACE FUNCTION operations.take_attempt(
  keys text[], free integer[], base_wait bigint, longest_wait bigint, memory bigint, at bigint
) RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
  wait bigint;
BEGIN
  INSERT INTO operations.throttles (key, attempts, blocked_until, last_attempt)
  SELECT k, 0, 0, take_attempt.at FROM unnest(take_attempt.keys) AS k ORDER BY k
  ON CONFLICT (key) DO NOTHING;

  -- In order, so that two attempts never wait for each other.
  PERFORM FROM operations.throttles AS t WHERE t.key = ANY (take_attempt.keys) ORDER BY t.key FOR UPDATE;

  -- A block from further in the future than any can last was set by a clock that has been put right since.
  SELECT max(t.blocked_until - take_attempt.at) INTO wait
  FROM operations.throttles AS t
  WHERE t.key = ANY (take_attempt.keys) AND t.blocked_until > take_attempt.at
    AND t.blocked_until <= take_attempt.at + take_attempt.longest_wait;
  IF wait > 0 THEN
    RETURN wait;
  END IF;

  UPDATE operations.throttles AS t
  SET attempts = n.attempts, last_attempt = take_attempt.at,
    blocked_until = CASE
      WHEN n.attempts <= n.free THEN 0
      -- 2^30 base waits are beyond any longest wait; a larger shift would overflow.
      ELSE take_attempt.at
        + least(take_attempt.longest_wait, take_attempt.base_wait << least(n.attempts - n.free - 1, 30))
    END
  FROM (
    SELECT o.key, k.free,
      CASE WHEN o.last_attempt + take_attempt.memory < take_attempt.at THEN 1 ELSE o.attempts + 1 END AS attempts
    FROM unnest(take_attempt.keys, take_attempt.free) AS k (key, free)
    JOIN operations.throttles AS o ON o.key = k.key
  ) AS n
  WHERE t.key = n.key;
  RETURN 0;
END
$$;
